#include "broker/storage/file_system.h"

#include "common/base/enum_name.h"

namespace hailstorm::storage {

std::string_view name_of(StorageErrc code) { return enum_name(code); }

bool may_pass(const Error& error) {
  return error.is(StorageErrc::no_space) || error.is(StorageErrc::out_of_resources);
}

}  // namespace hailstorm::storage
