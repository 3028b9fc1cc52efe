#include "gateway/schemes/calendar_loader.h"

#include <absl/time/civil_time.h>
#include <absl/time/time.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "engine/core/ensure.h"
#include "gateway/schemes/choice.h"
#include "gateway/schemes/toml_file.h"

namespace origo::gateway {
namespace {

constexpr std::int64_t kSecondNs = 1'000'000'000;
constexpr std::int32_t kDaySeconds = 86'400;
constexpr std::int64_t kRandomEndMax = 3'600;
constexpr Date kFirstDayMin{365};            // 1971-01-01: instants are positive in every time zone
constexpr std::size_t kChangesMax = 10'000;  // of what the core takes in one calendar

enum class Weekday : std::uint8_t {
  monday,
  tuesday,
  wednesday,
  thursday,
  friday,
  saturday,
  sunday
};
BOOST_DESCRIBE_ENUM(Weekday, monday, tuesday, wednesday, thursday, friday, saturday, sunday)

// One phase of every trading day, in seconds of the local day.
struct PhaseOfDay {
  Phase phase = Phase::closed;
  std::int32_t from = 0;
  std::int32_t to = 0;
  std::int32_t random_end = 0;
  std::uint32_t line = 0;
};

struct CalendarFile {
  std::string name;
  std::string time_zone;
  absl::TimeZone zone;
  Date first_day;
  Date last_day;
  std::array<bool, 7> weekdays{};  // from Monday on
  std::vector<PhaseOfDay> phases;
  std::map<Date, std::string> holidays;
};

// absl also takes paths of files and the machine's own zone.
bool find_zone(const std::string& name, absl::TimeZone& zone) {
  const bool is_name = std::ranges::all_of(name, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '+' || c == '/';
  });
  return is_name && !name.empty() && name.front() != '/' && name != "localtime" &&
         absl::LoadTimeZone(name, &zone);
}

// ---- reading ----

PhaseOfDay read_phase(const toml::table& table,
                      const PhaseOfDay* before,
                      std::optional<FileError>& error) {
  TomlReader reader(table, "phases", error);
  PhaseOfDay phase;
  phase.line = table.source().begin.line;
  phase.phase = choice(reader, "phase", Phase::continuous);
  phase.from = reader.time_of_day("from");
  phase.to = reader.time_of_day("to");
  phase.random_end =
      static_cast<std::int32_t>(reader.number_or("random_end_s", 0, kRandomEndMax, 0));
  reader.finish();
  if (phase.random_end > 0 && phase.phase != Phase::call)
    reader.fail("random_end_s", "only a call ends by chance");
  if (phase.to <= phase.from) reader.fail("to", "must be after from");
  if (before == nullptr) return phase;
  if (phase.from < before->to)
    reader.fail("from", "overlaps the phase before: must be where that ends");
  if (phase.from > before->to)
    reader.fail("from",
                "leaves a gap to the phase before: must be where that ends, or write the pause as "
                "a closed phase");
  if (phase.to <= before->to + before->random_end)
    reader.fail("to", "must be after the random end of the call before");
  if (phase.phase == before->phase)
    reader.fail("phase", "is that of the phase before: they are one");
  return phase;
}

void read_phases(TomlReader& root, CalendarFile& file, std::optional<FileError>& error) {
  for (const toml::table* table : root.tables("phases")) {
    const PhaseOfDay* const before = file.phases.empty() ? nullptr : &file.phases.back();
    const PhaseOfDay phase = read_phase(*table, before, error);
    file.phases.push_back(phase);
  }
  if (file.phases.empty()) return root.fail("phases", "is missing: at least one [[phases]]");
  const PhaseOfDay& first = file.phases.front();
  const PhaseOfDay& last = file.phases.back();
  const auto fail = [&](const PhaseOfDay& phase, std::string key, std::string rule) {
    if (!error)
      error =
          FileError{.file = {}, .line = phase.line, .key = std::move(key), .rule = std::move(rule)};
  };
  const std::string open =
      "must not be closed at the beginning or end of the day: that is what is outside";
  if (first.phase == Phase::closed) fail(first, "phases.phase", open);
  if (last.phase == Phase::closed) fail(last, "phases.phase", open);
  if (last.to + last.random_end >= kDaySeconds)
    fail(last, "phases.random_end_s", "must be over before midnight");
}

void read_holidays(TomlReader& root, CalendarFile& file, std::optional<FileError>& error) {
  for (const toml::table* table : root.tables("holidays")) {
    TomlReader reader(*table, "holidays", error);
    const Date date = reader.date("date");
    const std::string name = reader.text("name");
    reader.finish();
    if (date < file.first_day || date > file.last_day)
      reader.fail("date", "must lie between first_day and last_day");
    if (!file.holidays.emplace(date, name).second) reader.fail("date", "is given twice");
  }
}

CalendarFile read_calendar(const toml::table& table, std::optional<FileError>& error) {
  TomlReader root(table, "", error);
  CalendarFile file;
  file.name = root.text("name");
  file.time_zone = root.text("time_zone");
  if (!find_zone(file.time_zone, file.zone))
    root.fail("time_zone", "\"" + file.time_zone + "\" is no time zone of the IANA database");
  file.first_day = root.date("first_day");
  file.last_day = root.date("last_day");
  if (file.last_day < file.first_day) root.fail("last_day", "must not be before first_day");
  if (file.first_day < kFirstDayMin) root.fail("first_day", "must not be before 1971-01-01");
  if (end_of(file.last_day) >= kInstantMax) root.fail("last_day", "must be before 2199-12-31");
  for (const std::string& word : root.words("weekdays"))
    file.weekdays.at(static_cast<std::size_t>(choose(root, "weekdays", word, Weekday::monday))) =
        true;
  read_phases(root, file, error);
  read_holidays(root, file, error);
  root.finish();
  return file;
}

// ---- compiling ----

absl::CivilDay civil_day(Date date) {
  const CivilDate day = civil(date);
  return absl::CivilDay(day.year, day.month, day.day);
}

// Where the clocks are set forward, a time that they skip is the moment of the change; where they
// are set back, a time that comes twice is the first of the two.
Instant at_local(const CalendarFile& file, Date date, std::int32_t second) {
  const absl::TimeZone::TimeInfo found = file.zone.At(absl::CivilSecond(civil_day(date)) + second);
  const bool skipped = found.kind == absl::TimeZone::TimeInfo::SKIPPED;
  return Instant(absl::ToUnixNanos(skipped ? found.trans : found.pre));
}

bool is_trading_day(const CalendarFile& file, Date date) {
  const auto weekday = static_cast<std::size_t>(absl::GetWeekday(civil_day(date)));  // Monday is 0
  return file.weekdays.at(weekday) && !file.holidays.contains(date);
}

class Compiler {
 public:
  Compiler(const CalendarFile& file, std::optional<FileError>& error)
      : file_(file), error_(error) {}

  TradingCalendar compile() {
    TradingCalendar calendar{
        .name = file_.name, .time_zone = file_.time_zone, .trading_days = 0, .compiled = {}};
    add(at_local(file_, file_.first_day, 0), Phase::closed, 0, file_.phases.front());
    for (Date date = file_.first_day;
         date <= file_.last_day && !error_ && changes_.size() <= kChangesMax;
         date = add_days(date, 1)) {
      if (!is_trading_day(file_, date)) continue;
      ++calendar.trading_days;
      add_day(date);
    }
    if (calendar.trading_days == 0)
      fail(file_.phases.front().line, "phases", "there is no trading day");
    if (changes_.size() > kChangesMax)
      fail(file_.phases.front().line, "last_day", "makes more than 10,000 changes of phase");
    calendar.compiled = {.market = {},
                         .day_ends = std::move(day_ends_),
                         .phases = std::move(changes_),
                         .source = {}};
    return calendar;
  }

 private:
  void add_day(Date date) {
    std::int32_t random_end = 0;  // of the phase before
    for (const PhaseOfDay& phase : file_.phases) {
      add(at_local(file_, date, phase.from), phase.phase, random_end, phase, date);
      random_end = phase.random_end;
    }
    const PhaseOfDay& last = file_.phases.back();
    const Instant close = at_local(file_, date, last.to);
    add(close, Phase::closed, random_end, last, date);
    // The day is over when the market has surely closed.
    day_ends_.emplace_back(close.ns() + random_end * kSecondNs);
  }

  void add(Instant at,
           Phase phase,
           std::int64_t random_end,
           const PhaseOfDay& from,
           std::optional<Date> date = {}) {
    if (!changes_.empty()) {
      const PhaseChange& before = changes_.back();
      const bool opens_at_once =
          changes_.size() == 1 && before.at == at;  // at midnight of the first day
      if (opens_at_once)
        changes_.pop_back();
      else if (before.at.ns() + before.random_ns >= at.ns())
        fail(from.line,
             "phases",
             "has no time on " + to_string(date.value_or(file_.first_day)) +
                 ": the clocks are set forward then");
    }
    changes_.push_back({.at = at, .phase = phase, .random_ns = random_end * kSecondNs});
  }

  void fail(std::uint32_t line, std::string key, std::string rule) {
    if (!error_)
      error_ = FileError{.file = {}, .line = line, .key = std::move(key), .rule = std::move(rule)};
  }

  const CalendarFile& file_;
  std::optional<FileError>& error_;
  std::vector<PhaseChange> changes_;
  std::vector<Instant> day_ends_;
};

}  // namespace

std::variant<TradingCalendar, FileError> parse_calendar(std::string_view text,
                                                        std::string_view name) {
  return parse_file<TradingCalendar>(
      text, name, [text](const toml::table& table, std::optional<FileError>& error) {
        const CalendarFile file = read_calendar(table, error);
        if (error) return TradingCalendar();
        TradingCalendar calendar = Compiler(file, error).compile();
        calendar.compiled.source = sha256(text);
        return calendar;
      });
}

std::variant<TradingCalendar, FileError> load_calendar_file(const std::filesystem::path& path) {
  const std::optional<std::string> text = read_whole(path);
  if (!text) return unreadable(path);
  return parse_calendar(*text, path.string());
}

Date local_date(const TradingCalendar& calendar, Instant at) {
  absl::TimeZone zone;
  const bool known = find_zone(calendar.time_zone, zone);
  ENSURE(known);
  const absl::CivilDay day = absl::ToCivilDay(absl::FromUnixNanos(at.ns()), zone);
  return *make_date(static_cast<int>(day.year()),
                    static_cast<unsigned>(day.month()),
                    static_cast<unsigned>(day.day()));
}

SetCalendar from_now_on(SetCalendar calendar, Instant now) {
  std::erase_if(calendar.day_ends, [&](Instant end) { return end <= now; });
  const auto later = std::ranges::upper_bound(calendar.phases, now, {}, &PhaseChange::at);
  if (later != calendar.phases.begin())
    calendar.phases.erase(calendar.phases.begin(), std::prev(later));
  return calendar;
}

}  // namespace origo::gateway
