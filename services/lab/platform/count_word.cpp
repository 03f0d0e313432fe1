#include "services/lab/platform/count_word.h"

#include <array>

namespace hailstorm::lab {

std::string count_word(size_t count) {
  static constexpr std::array kWords = {"no",    "one",   "two",  "three", "four",   "five",  "six",
                                        "seven", "eight", "nine", "ten",   "eleven", "twelve"};
  return count < kWords.size() ? kWords.at(count) : std::to_string(count);
}

}  // namespace hailstorm::lab
