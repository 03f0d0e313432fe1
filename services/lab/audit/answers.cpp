#include "services/lab/audit/answers.h"

#include <fstream>
#include <string>

namespace hailstorm::lab {

std::vector<Answer> AnswerReader::read_new() {
  std::vector<Answer> answers;
  std::ifstream file(file_, std::ios::binary);
  file.seekg(read_bytes_);
  for (std::string line; std::getline(file, line);) {
    if (file.eof()) break;  // no newline yet: still being written
    read_bytes_ += static_cast<int64_t>(line.size()) + 1;
    if (auto answer = traffic::answer_of(line)) {
      answers.push_back(std::move(*answer));
    } else {
      ++unreadable_;
    }
  }
  if (file.bad()) ++unreadable_;  // a failed read is no end of the file
  return answers;
}

}  // namespace hailstorm::lab
