#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <string>

#include "engine/exchange.h"
#include "proto/codec/commands.h"
#include "proto/codec/record.h"
#include "storage/batch.h"
#include "tests/fuzz/encoding_inputs.h"
#include "tests/support/stream.h"

// Writes what the fuzzers start from, one folder each: records, messages, events and state of a
// real run, batches of its records, the scheme files, and messages and targets that clients send.
namespace origo {
namespace {

class Folder {
 public:
  explicit Folder(std::filesystem::path path) : path_(std::move(path)) {
    std::filesystem::create_directories(path_);
  }
  void add(std::string_view bytes) {
    std::ofstream file(path_ / std::to_string(++count_), std::ios::binary);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  }
  // With the byte before it that says what the rest is.
  void add(std::uint8_t kind, std::string_view bytes) {
    add(std::string(1, static_cast<char>(kind)) + std::string(bytes));
  }

 private:
  std::filesystem::path path_;
  int count_ = 0;
};

std::string_view text_of(const Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

template <class T>
void add_value(Folder& folder, const T& value) {
  folder.add(static_cast<std::uint8_t>(boost::mp11::mp_find<EncodedKinds, T>::value),
             text_of(encoded(value)));
}

// A run of commands, and of each kind of command and event the first few.
class Run {
 public:
  explicit Run(const std::filesystem::path& root)
      : proto_(root / "proto"), encoding_(root / "encoding"), batch_(root / "batch") {}

  void write() {
    Stream stream(1);
    Exchange exchange;
    batch_records_.start(1);
    for (std::size_t step = 0; step < stream.set_up_size() + 2'000; ++step) {
      const Step next = stream.next(exchange);
      Events events;
      const Answer answer = exchange.apply(next.header, next.command, events);
      if (commands_[next.command.index()]++ < 3) add(next, answer);
      add(events);
      if (batch_records_.count() == 20) finish_batch();
    }
    finish_batch();
    add_value(encoding_, exchange.registry());
    add_value(encoding_, exchange.state().due);
    add_value(encoding_,
              Proposals{.open = {{ProposalId(1),
                                  {.proposer = UserId(1), .command = Tick(), .until = {}}}},
                        .last = ProposalId(1)});
    const Parties& parties = exchange.parties();
    add_value(
        encoding_,
        std::vector<Participant>(parties.participants().begin(), parties.participants().end()));
    add_value(encoding_, std::vector<User>(parties.users().begin(), parties.users().end()));
    add_value(encoding_,
              std::vector<Account>(parties.accounts().begin(), parties.accounts().end()));
  }

 private:
  void add(const Step& step, const Answer& answer) {
    Bytes record;
    proto::append_record(step.header, step.command, record);
    proto_.add(0, text_of(record));
    batch_records_.add(std::as_bytes(std::span(record)));
    if (proto::is_public(step.command)) {
      v1::Command message;
      proto::write_command(step.command, message);
      proto_.add(1, message.SerializeAsString());
    }
    add_value(encoding_, step.command);
    add_value(encoding_, step.header);
    add_value(encoding_, answer);
  }
  void add(const Events& events) {
    bool fresh = false;
    for_each_event(events.bytes().data(), events.bytes().size(), [&](const Event& event) {
      if (!events_.insert(event.index()).second) return;
      fresh = true;
      add_value(encoding_, event);
    });
    if (fresh) encoding_.add(static_cast<std::uint8_t>(kEncodedKinds), text_of(events.copy()));
  }
  void finish_batch() {
    const auto bytes = batch_records_.bytes();
    batch_.add(0, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    batch_.add(1, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    batch_records_.start(batch_records_.next_sequence());
  }

  Folder proto_;
  Folder encoding_;
  Folder batch_;
  storage::BatchBuilder batch_records_;
  std::map<std::size_t, int> commands_;  // by position in Command
  std::set<std::size_t> events_;
};

void write_texts(const std::filesystem::path& root, const std::filesystem::path& schemes) {
  Folder messages(root / "client_message");
  for (const char* text :
       {R"({"op":"subscribe","channel":"book.l2","instrument":"ins-3"})",
        R"({"op":"unsubscribe","channel":"trades","instrument":"ins-18446744073709551615"})",
        R"({"op":"subscribe","channel":"book.l1","instrument":"ins-01"})",
        R"({"op":"ping","id":"a \"{[ b"})",
        R"({"op":"ping","id":"é中"})",
        R"({"op":"ping","id":7})",
        R"({"op":{}})",
        "[[[["})
    messages.add(text);
  Folder targets(root / "target");
  for (const char* text : {"/",
                           "/api/v1/instruments/ins-1?depth=5&x=%C3%A9",
                           "/a%20b?c=d+e&f",
                           "/a/../b",
                           "/%2e%2e/",
                           "/?a=1&a=2",
                           "//",
                           "/%00",
                           "/api/v1/instruments/all?=&&"})
    targets.add(text);
  Folder files(root / "scheme");
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(schemes)) {  // calendars too
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    files.add(std::string(std::istreambuf_iterator<char>(file), {}));
  }
}

}  // namespace
}  // namespace origo

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: origo-fuzz-seeds FOLDER SCHEMES\n";
    return 2;
  }
  std::filesystem::remove_all(argv[1]);
  origo::Run(argv[1]).write();
  origo::write_texts(argv[1], argv[2]);
  return 0;
}
