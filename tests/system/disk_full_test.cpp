#include <fcntl.h>
#include <fstream>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "common/log/hailstorm/rpc_client.h"
#include "common/log/log.h"
#include "common/wire/messages.h"
#include "tests/support/broker_process.h"
#include "tests/support/matchers.h"
