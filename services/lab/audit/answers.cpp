#include "services/lab/audit/answers.h"

#include <fstream>
#include <optional>

#include "common/json/json.h"
#include "common/json/member_reader.h"

namespace hailstorm::lab {
namespace {

std::optional<Answer> parse(const std::string& line) {
  const auto document = json::parse(line);
  if (!document.ok()) return std::nullopt;
  Answer answer;
  json::MemberReader reader(*document);
  reader.optional("act", answer.act)
      .required("lane", answer.lane)
      .required("ride_id", answer.ride_id)
      .required("status", answer.status)
      .optional("latency_ms", answer.latency_ms)
      .optional("sent_at_ms", answer.sent_at_ms);
  return reader.ok() ? std::optional(std::move(answer)) : std::nullopt;
}

}  // namespace

std::vector<Answer> AnswerReader::read_new() {
  std::vector<Answer> answers;
  std::ifstream file(file_, std::ios::binary);
  file.seekg(read_bytes_);
  for (std::string line; std::getline(file, line);) {
    if (file.eof()) break;  // no newline yet: still being written
    read_bytes_ += static_cast<int64_t>(line.size()) + 1;
    if (auto answer = parse(line)) {
      answers.push_back(std::move(*answer));
    } else {
      ++unreadable_;
    }
  }
  if (file.bad()) ++unreadable_;  // a failed read is no end of the file
  return answers;
}

}  // namespace hailstorm::lab
