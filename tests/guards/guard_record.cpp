#include "tests/guards/guard_record.h"

#include <cctype>
#include <regex>
#include <sstream>

namespace hailstorm::guards {
namespace {

constexpr std::string_view kIndent = "    ";

class Parser {
 public:
  Result<GuardRecord> run(std::string_view text) {
    std::istringstream lines{std::string(text)};
    for (std::string line; std::getline(lines, line);) {
      ++number_;
      if (line.starts_with(kIndent) && block_ != nullptr) {
        if (!block_->empty()) block_->push_back('\n');
        *block_ += line.substr(kIndent.size());
      } else {
        HAIL_RETURN_IF_ERROR(take(line));
      }
    }
    if (record_.invariants.empty()) return bad("no line 'Invariant N: …'");
    if (record_.test.empty()) return bad("no line 'Red: PROGRAM SUITE.NAME'");
    if (record_.mutations.empty()) return bad("no line 'File: PATH'");
    HAIL_RETURN_IF_ERROR(check_last_mutation());
    return std::move(record_);
  }

 private:
  Status take(const std::string& line) {
    static const std::regex invariant(R"(Invariants? (\d+(?:, \d+)*(?: and \d+)?): (.+))");
    static const std::regex red(R"(Red: (\w+) (\w+\.\w+))");
    std::smatch parts;
    block_ = nullptr;
    if (std::regex_match(line, parts, invariant)) {
      take_numbers(parts[1]);
      record_.sentence = parts[2];
    } else if (std::regex_match(line, parts, red)) {
      record_.program = parts[1];
      record_.test = parts[2];
    } else if (line.starts_with("File: ")) {
      HAIL_RETURN_IF_ERROR(check_last_mutation());
      record_.mutations.push_back({line.substr(6), "", ""});
      without_seen_ = false;
    } else if (line == "Guard:" && !record_.mutations.empty()) {
      block_ = &record_.mutations.back().guard;
    } else if (line == "Without:" && !record_.mutations.empty()) {
      block_ = &record_.mutations.back().without;
      without_seen_ = true;
    } else {
      return bad("unknown line " + std::to_string(number_) + ": " + line);
    }
    return {};
  }

  void take_numbers(const std::string& list) {
    static const std::regex number(R"(\d+)");
    for (std::sregex_iterator at(list.begin(), list.end(), number), end; at != end; ++at) {
      record_.invariants.push_back(std::stoi(at->str()));
    }
  }

  [[nodiscard]] Status check_last_mutation() const {
    if (record_.mutations.empty()) return {};
    const Mutation& last = record_.mutations.back();
    if (last.guard.empty()) return bad(last.file + " has no 'Guard:'");
    if (!without_seen_) return bad(last.file + " has no 'Without:'");
    return {};
  }

  static Error bad(const std::string& why) { return {GuardErrc::bad_record, why}; }

  GuardRecord record_;
  std::string* block_ = nullptr;
  bool without_seen_ = false;
  int number_ = 0;
};

bool is_space(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }
bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

/// A text without the white space that has no meaning, and where each of its bytes stood.
struct Compact {
  std::string bytes;
  std::vector<size_t> origin;
};

Compact compact(std::string_view text) {
  Compact result;
  bool after_space = false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (is_space(text[i])) {
      after_space = true;
      continue;
    }
    if (after_space && !result.bytes.empty() && is_word(result.bytes.back()) && is_word(text[i])) {
      result.bytes.push_back(' ');
      result.origin.push_back(i);
    }
    after_space = false;
    result.bytes.push_back(text[i]);
    result.origin.push_back(i);
  }
  return result;
}

/// True when a match at `at` neither begins nor ends inside a word.
bool is_whole(std::string_view text, size_t at, size_t size) {
  const size_t end = at + size;
  const bool cut_before = at > 0 && is_word(text[at - 1]) && is_word(text[at]);
  const bool cut_after = end < text.size() && is_word(text[end - 1]) && is_word(text[end]);
  return !cut_before && !cut_after;
}

}  // namespace

std::string_view name_of(GuardErrc code) noexcept {
  switch (code) {
    case GuardErrc::bad_record:
      return "bad_record";
    case GuardErrc::no_file:
      return "no_file";
    case GuardErrc::no_match:
      return "no_match";
    case GuardErrc::many_matches:
      return "many_matches";
  }
  return "unknown";
}

Result<GuardRecord> parse_guard(std::string_view text) { return Parser().run(text); }

Result<std::string> replace_guard(std::string_view text, const Mutation& mutation) {
  const Compact all = compact(text);
  const std::string guard = compact(mutation.guard).bytes;
  std::vector<size_t> matches;
  for (size_t at = all.bytes.find(guard); at != std::string::npos;
       at = all.bytes.find(guard, at + 1)) {
    if (is_whole(all.bytes, at, guard.size())) matches.push_back(at);
  }
  if (matches.empty()) {
    return Error(GuardErrc::no_match, mutation.file + " does not hold '" + mutation.guard + "'");
  }
  if (matches.size() > 1) {
    return Error(GuardErrc::many_matches, mutation.file + " holds '" + mutation.guard + "' " +
                                              std::to_string(matches.size()) + " times");
  }
  const size_t begin = all.origin[matches.front()];
  const size_t end = all.origin[matches.front() + guard.size() - 1] + 1;
  return std::string(text.substr(0, begin)) + mutation.without + std::string(text.substr(end));
}

}  // namespace hailstorm::guards
