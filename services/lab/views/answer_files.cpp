#include "services/lab/views/answer_files.h"

#include <system_error>
#include <utility>

namespace hailstorm::lab {

namespace fs = std::filesystem;

AnswerFiles::AnswerFiles(fs::path folder) : folder_(std::move(folder)) {
  each_file([this](const fs::path& file, uintmax_t bytes) {
    files_.emplace(file.filename().string(),
                   File{AnswerReader(file, static_cast<int64_t>(bytes)), bytes});
  });
}

void AnswerFiles::each_file(const Look& look) const {
  std::error_code failed;
  for (fs::directory_iterator entry(folder_, failed), end; !failed && entry != end;
       entry.increment(failed)) {
    if (entry->path().extension() != ".jsonl") continue;
    std::error_code unknown;
    const uintmax_t bytes = entry->file_size(unknown);
    if (!unknown) look(entry->path(), bytes);
  }
}

std::vector<Answer> AnswerFiles::read_new() {
  std::vector<Answer> answers;
  each_file([&](const fs::path& path, uintmax_t bytes) {
    File& file =
        files_.try_emplace(path.filename().string(), File{AnswerReader(path)}).first->second;
    if (bytes == file.bytes) return;
    file.bytes = bytes;
    for (Answer& answer : file.reader.read_new()) answers.push_back(std::move(answer));
  });
  return answers;
}

}  // namespace hailstorm::lab
