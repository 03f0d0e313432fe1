#pragma once

#include <string>
#include <vector>

#include "services/lab/blast/blast_cell.h"
#include "services/lab/remote/conclusion.h"

namespace hailstorm::lab {

/// Everything that was measured.
struct BlastResult {
  BlastRequest request;
  uint64_t seed = 0;
  std::vector<BlastCell> cells;
  double lasted_s = 0;
  Conclusion end;
  std::string trouble;  // why it ended early; empty: it did not

  /// Each subject that was hurt and should not have been, in words.
  [[nodiscard]] std::vector<std::string> surprises() const;
  /// Each broken promise: what the audit found, and where the log lane was hurt by
  /// what must not hurt it. Empty: none is.
  [[nodiscard]] std::vector<std::string> problems() const;
  [[nodiscard]] bool all_proven() const;
  /// 0: nothing is wrong; 1: something is; 3: nothing is, but some fault was not proven.
  [[nodiscard]] int exit_code() const;
};

/// A row for each fault, a column for each subject; for people.
[[nodiscard]] std::vector<std::string> to_lines(const BlastResult& result);
[[nodiscard]] json::Value to_json(const BlastResult& result);
/// One file that needs nothing else.
[[nodiscard]] std::string to_html(const BlastResult& result);

/// "." calm and predicted so, "x" hurt and predicted so, "!" hurt and not predicted (a surprise),
/// "o" calm though it was predicted to be hurt, "-" the target itself or no fault.
[[nodiscard]] char mark_of(const BlastCell& cell, const std::string& subject);

}  // namespace hailstorm::lab
