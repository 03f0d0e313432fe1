#include "services/lab/experiments/document/experiment_file.h"

#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <fstream>

#include "services/lab/experiments/document/errors.h"
#include "services/lab/experiments/document/node.h"

namespace hailstorm::lab {

Result<Experiment> read_experiment(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  // One byte more than a document may have, however large the file is.
  std::string text(kMaxDocumentBytes + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!stream.is_open() || stream.bad()) {
    return Error(ExperimentErrc::cannot_read,
                 fmt::format("cannot read {}: {}", file, std::strerror(errno)));
  }
  text.resize(static_cast<size_t>(stream.gcount()));
  auto experiment =
      parse_experiment(text, file.ends_with(".json") ? DocumentFormat::json : DocumentFormat::yaml);
  if (!experiment.ok()) return std::move(experiment).error().in(file);
  return experiment;
}

}  // namespace hailstorm::lab
