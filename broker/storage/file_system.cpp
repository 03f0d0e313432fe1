#include "broker/storage/file_system.h"

namespace hailstorm::storage {

std::string_view name_of(StorageErrc code) {
  switch (code) {
    case StorageErrc::io:
      return "io";
    case StorageErrc::no_space:
      return "no_space";
    case StorageErrc::out_of_resources:
      return "out_of_resources";
    case StorageErrc::corrupt:
      return "corrupt";
    case StorageErrc::not_found:
      return "not_found";
    case StorageErrc::already_exists:
      return "already_exists";
    case StorageErrc::invalid:
      return "invalid";
    case StorageErrc::invalid_timestamp:
      return "invalid_timestamp";
    case StorageErrc::out_of_range:
      return "out_of_range";
    case StorageErrc::out_of_order_sequence:
      return "out_of_order_sequence";
    case StorageErrc::duplicate_sequence:
      return "duplicate_sequence";
    case StorageErrc::fenced_producer:
      return "fenced_producer";
    case StorageErrc::unknown_producer:
      return "unknown_producer";
    case StorageErrc::too_large:
      return "too_large";
    case StorageErrc::stopped:
      return "stopped";
  }
  return "unknown";
}

bool may_pass(const Error& error) {
  return error.is(StorageErrc::no_space) || error.is(StorageErrc::out_of_resources);
}

}  // namespace hailstorm::storage
