#pragma once

#include <string>

#include "common/base/options.h"

namespace hailstorm::cli {

/// The option of commands that write records. `name` is then one that codec_named() knows.
inline void add_compression(Options& options, std::string& name) {
  options.add_choice("compression", name, {"none", "gzip", "snappy", "lz4", "zstd"},
                     "how batches are compressed; readers need not know");
}

}  // namespace hailstorm::cli
