#include "services/lab/views/answer_files.h"

#include <system_error>
#include <utility>

namespace hailstorm::lab {

namespace fs = std::filesystem;

AnswerFiles::AnswerFiles(fs::path folder) : folder_(std::move(folder)) { (void)look(); }

std::vector<Answer> AnswerFiles::read_new() { return look(); }

std::vector<Answer> AnswerFiles::look() {
  std::vector<Answer> answers;
  std::error_code failed;
  for (fs::directory_iterator entry(folder_, failed), end; !failed && entry != end;
       entry.increment(failed)) {
    if (entry->path().extension() != ".jsonl") continue;
    std::error_code unknown;
    const uintmax_t bytes = entry->file_size(unknown);
    if (unknown) continue;
    const auto [at, is_new] =
        files_.try_emplace(entry->path().filename().string(), File{AnswerReader(entry->path())});
    File& file = at->second;
    if (!is_new && bytes == file.bytes) continue;
    file.bytes = bytes;
    for (Answer& answer : file.reader.read_new()) answers.push_back(std::move(answer));
  }
  return answers;
}

}  // namespace hailstorm::lab
