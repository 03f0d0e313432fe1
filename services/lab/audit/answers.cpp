#include "services/lab/audit/answers.h"

#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>

namespace hailstorm::lab {
namespace {

std::optional<Answer> parse(const std::string& line) {
  try {
    const auto document = nlohmann::json::parse(line);
    Answer answer;
    answer.act = document.value("act", "");
    document.at("lane").get_to(answer.lane);
    document.at("ride_id").get_to(answer.ride_id);
    document.at("status").get_to(answer.status);
    answer.latency_ms = document.value("latency_ms", 0.0);
    answer.sent_at_ms = document.value("sent_at_ms", int64_t{0});
    return answer;
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
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
  return answers;
}

}  // namespace hailstorm::lab
