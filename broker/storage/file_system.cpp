#include "broker/storage/file_system.h"

#include "common/base/enum_name.h"

namespace hailstorm::storage {

std::string_view name_of(StorageErrc code) { return enum_name(code); }

}  // namespace hailstorm::storage
