#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "common/json/json.h"

namespace hailstorm::json {

/// Where a text stops being JSON, and why.
struct SyntaxError {
  size_t position = 0;       // of the last byte that was read, counted from 1
  std::string last_token;    // what was read of the token that cannot stand there
  bool is_overflow = false;  // a number beyond what a double holds
  std::string message;
};

/// Takes the tokens of a text, one call each, for a reader that refuses early or builds no Value.
/// Each function but the last returns whether to go on.
///
/// Thread safety: that of the implementation; the calls come from the thread in read_tokens().
class TokenHandler {
 public:
  virtual ~TokenHandler() = default;
  /// A null, a boolean, a number or a text.
  virtual bool scalar(Value value) = 0;
  /// The name of a member; its value comes next.
  virtual bool name(std::string name) = 0;
  virtual bool begin_object() = 0;
  virtual bool end_object() = 0;
  virtual bool begin_array() = 0;
  virtual bool end_array() = 0;
  /// The last call.
  virtual void syntax_error(SyntaxError error) = 0;
};

/// True when the whole text is JSON and the handler went on to its end. Not bounded in size or
/// depth: the handler bounds them.
bool read_tokens(std::string_view text, TokenHandler& handler);

}  // namespace hailstorm::json
