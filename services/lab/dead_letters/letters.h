#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/json/json.h"
#include "common/log/log.h"

/// Dead letters as the topic dead_letter has them. Pure functions: safe from any thread.
namespace hailstorm::lab {

/// The place of a letter in the topic dead_letter, which is its id: "dead_letter/PARTITION/OFFSET".
struct LetterId {
  int32_t partition = 0;
  int64_t offset = 0;
  friend auto operator<=>(const LetterId&, const LetterId&) = default;
};
[[nodiscard]] std::string text_of(const LetterId& id);
/// Also with '-' in place of '/', as the path of a URL has it. Error ApiErrc bad_request.
[[nodiscard]] Result<LetterId> letter_id_of(std::string_view text);

/// What a group could not handle, and why.
struct DeadLetter {
  LetterId id;
  int64_t time_ms = 0;
  std::string group;
  std::string error;
  int64_t attempts = 0;
  std::string topic;  // of the record that was refused
  int32_t partition = 0;
  int64_t offset = 0;
  bool is_undecodable = false;       // a place without a record
  std::string event_id;              // empty: none is known
  std::optional<std::string> key;    // its beginning
  std::optional<std::string> value;  // its beginning
  int64_t key_bytes = 0;             // as the record had them
  int64_t value_bytes = 0;
  bool is_replayed = false;  // it was given back to its group since

  [[nodiscard]] std::string place() const;
};

/// The letter of a record of dead_letter. Nothing where the record does not say what it is of:
/// a foreign program wrote it.
[[nodiscard]] std::optional<DeadLetter> letter_of(const log::ConsumedRecord& record);
/// The header's value; nothing where there is no such header or it is null.
[[nodiscard]] std::optional<std::string> header_of(const log::ConsumedRecord& record,
                                                   std::string_view name);
/// Whether `record`, which lies at the letter's place, is what became the letter.
[[nodiscard]] bool is_of(const log::ConsumedRecord& record, const DeadLetter& letter);

/// {"id","t_ms","group","place","error","attempts","event_id","replayed","key","value",
/// "key_bytes","value_bytes"}.
[[nodiscard]] json::Value to_json(const DeadLetter& letter);

}  // namespace hailstorm::lab
