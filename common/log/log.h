#pragma once

#include "common/log/admin.h"
#include "common/log/consumer.h"
#include "common/log/engine.h"
#include "common/log/producer.h"
#include "common/log/types.h"

/// Everything that a service sees of the log, whatever engine serves it. Each engine has a folder
/// here.
