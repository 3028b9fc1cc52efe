#include "gateway/statement/statement_pdf.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include <algorithm>
#include <memory>
#include <string_view>

#include "engine/core/ensure.h"
#include "gateway/statement/qr_code.h"

namespace origo::gateway {

namespace {

// Points: 1/72 inch.
constexpr double kPageWidth = 595.28;
constexpr double kPageHeight = 841.89;
constexpr double kMargin = 56;
constexpr double kTextWidth = kPageWidth - 2 * kMargin;
constexpr double kLabelWidth = 140;
constexpr double kQrSide = 104;
constexpr double kGap = 6;

constexpr double kSmall = 8.5;
constexpr double kBody = 10;
constexpr double kLarge = 13;
constexpr double kTitle = 24;

enum class Ink { black, grey };

template <auto Function>
struct Release {
  template <class T>
  void operator()(T* thing) const {
    Function(thing);
  }
};

struct Text {
  std::string_view text;
  double size = kBody;
  bool bold = false;
  Ink ink = Ink::black;
};

// Writes from top to bottom; begins a new page where the next block has no room.
class Sheet {
 public:
  explicit Sheet(const std::string& title, Date date);

  // At `left`, at most `width` wide; returns the height it took.
  double put(const Text& text, double left, double width, double top);
  // The same with both on one line, below what is there.
  void put_row(const Text& label, const Text& value);
  void put_block(const Text& text, double width = kTextWidth);
  void put_qr_code(const QrCode& code, double left, double top, double side);
  void skip(double height) { top_ += height; }
  void skip_to(double top) { top_ = std::max(top_, top); }

  // The whole file.
  std::string finish();

 private:
  static cairo_status_t append(void* out, const unsigned char* data, unsigned length) {
    static_cast<std::string*>(out)->append(reinterpret_cast<const char*>(data), length);
    return CAIRO_STATUS_SUCCESS;
  }
  double lay_out(const Text& text, double width);
  void make_room(double height);

  std::string bytes_;
  double top_ = kMargin;
  std::unique_ptr<cairo_surface_t, Release<cairo_surface_destroy>> surface_;
  std::unique_ptr<cairo_t, Release<cairo_destroy>> cairo_;
  std::unique_ptr<PangoLayout, Release<g_object_unref>> layout_;
};

Sheet::Sheet(const std::string& title, Date date)
    : surface_(cairo_pdf_surface_create_for_stream(append, &bytes_, kPageWidth, kPageHeight)) {
  const std::string created = to_string(date) + "T00:00:00Z";
  cairo_pdf_surface_restrict_to_version(surface_.get(), CAIRO_PDF_VERSION_1_5);
  cairo_pdf_surface_set_metadata(surface_.get(), CAIRO_PDF_METADATA_TITLE, title.c_str());
  cairo_pdf_surface_set_metadata(surface_.get(), CAIRO_PDF_METADATA_CREATOR, "Origo");
  cairo_pdf_surface_set_metadata(surface_.get(), CAIRO_PDF_METADATA_CREATE_DATE, created.c_str());
  cairo_.reset(cairo_create(surface_.get()));
  layout_.reset(pango_cairo_create_layout(cairo_.get()));
  pango_layout_set_wrap(layout_.get(), PANGO_WRAP_WORD_CHAR);
}

double Sheet::lay_out(const Text& text, double width) {
  struct FreeFont {
    void operator()(PangoFontDescription* font) const { pango_font_description_free(font); }
  };
  const std::unique_ptr<PangoFontDescription, FreeFont> font(pango_font_description_new());
  pango_font_description_set_family_static(font.get(), "DejaVu Sans");
  pango_font_description_set_absolute_size(font.get(), text.size * PANGO_SCALE);
  pango_font_description_set_weight(font.get(),
                                    text.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_layout_set_font_description(layout_.get(), font.get());
  pango_layout_set_width(layout_.get(), static_cast<int>(width * PANGO_SCALE));
  pango_layout_set_text(layout_.get(), text.text.data(), static_cast<int>(text.text.size()));
  int height = 0;
  pango_layout_get_size(layout_.get(), nullptr, &height);
  return static_cast<double>(height) / PANGO_SCALE;
}

double Sheet::put(const Text& text, double left, double width, double top) {
  const double height = lay_out(text, width);
  const double shade = text.ink == Ink::grey ? 0.38 : 0;
  cairo_set_source_rgb(cairo_.get(), shade, shade, shade);
  cairo_move_to(cairo_.get(), left, top);
  pango_cairo_show_layout(cairo_.get(), layout_.get());
  return height;
}

void Sheet::make_room(double height) {
  if (top_ + height <= kPageHeight - kMargin || top_ == kMargin) return;
  cairo_show_page(cairo_.get());
  top_ = kMargin;
}

void Sheet::put_row(const Text& label, const Text& value) {
  constexpr double kValueWidth = kTextWidth - kLabelWidth;
  make_room(std::max(lay_out(label, kLabelWidth - kGap), lay_out(value, kValueWidth)));
  const double left = put(label, kMargin, kLabelWidth - kGap, top_);
  const double right = put(value, kMargin + kLabelWidth, kValueWidth, top_);
  top_ += std::max(left, right);
}

void Sheet::put_block(const Text& text, double width) {
  make_room(lay_out(text, width));
  top_ += put(text, kMargin, width, top_);
}

void Sheet::put_qr_code(const QrCode& code, double left, double top, double side) {
  const double module = side / static_cast<double>(code.size);
  for (std::size_t row = 0; row < code.size; ++row) {
    for (std::size_t column = 0; column < code.size; ++column) {
      if (!code.dark(column, row)) continue;
      cairo_rectangle(cairo_.get(),
                      left + module * static_cast<double>(column),
                      top + module * static_cast<double>(row),
                      module,
                      module);
    }
  }
  cairo_set_source_rgb(cairo_.get(), 0, 0, 0);
  cairo_fill(cairo_.get());
}

std::string Sheet::finish() {
  layout_.reset();
  cairo_.reset();
  cairo_surface_finish(surface_.get());
  ENSURE(cairo_surface_status(surface_.get()) == CAIRO_STATUS_SUCCESS);
  return std::move(bytes_);
}

}  // namespace

std::string statement_pdf(const StatementFacts& facts, Date date) {
  constexpr double kQrLeft = kPageWidth - kMargin - kQrSide;
  constexpr double kHeadWidth = kTextWidth - kQrSide - 24;
  Sheet sheet("Cancellation statement " + facts.number, date);
  sheet.put_qr_code(make_qr_code(facts.url), kQrLeft, kMargin, kQrSide);
  sheet.put(
      {.text = facts.code, .size = kSmall}, kQrLeft, kQrSide + kMargin, kMargin + kQrSide + 4);
  sheet.put_block({.text = "Cancellation statement", .size = kBody, .ink = Ink::grey}, kHeadWidth);
  sheet.put_block({.text = facts.number, .size = kTitle, .bold = true}, kHeadWidth);
  sheet.put_block({.text = facts.issuer, .size = kBody}, kHeadWidth);
  sheet.skip(kGap * 2);
  sheet.put_block({.text = facts.amount, .size = kLarge, .bold = true}, kHeadWidth);
  sheet.put_block({.text = facts.sentence, .size = kBody}, kHeadWidth);
  sheet.skip_to(kMargin + kQrSide + kSmall * 2 + kGap * 3);
  for (const StatementRow& row : facts.rows) {
    for (const std::string& line : row.lines) {
      const bool first = &line == &row.lines.front();
      sheet.put_row(
          {.text = first ? std::string_view(row.label) : std::string_view(), .ink = Ink::grey},
          {.text = line});
    }
    sheet.skip(kGap);
  }
  sheet.skip(kGap * 2);
  sheet.put_block({.text = facts.finality, .size = kBody, .bold = true});
  sheet.skip(kGap);
  const std::string check = "To check this statement, scan the code above or open " + facts.url +
                            " and compare: what the register holds counts, not this paper.";
  sheet.put_block({.text = check, .size = kSmall, .ink = Ink::grey});
  return sheet.finish();
}

}  // namespace origo::gateway
