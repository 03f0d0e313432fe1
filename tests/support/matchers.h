#pragma once

#include <gtest/gtest.h>

#include "common/base/result.h"

/// The Result or Status is a value; prints the error's text if it is not.
#define ASSERT_OK(expression)                                                     \
  do {                                                                            \
    const auto& hail_outcome = (expression);                                      \
    ASSERT_TRUE(hail_outcome.ok())                                                \
        << hail_outcome.error().name() << ": " << hail_outcome.error().message(); \
  } while (false)
#define EXPECT_OK(expression)                                                     \
  do {                                                                            \
    const auto& hail_outcome = (expression);                                      \
    EXPECT_TRUE(hail_outcome.ok())                                                \
        << hail_outcome.error().name() << ": " << hail_outcome.error().message(); \
  } while (false)

/// The Result or Status failed with exactly this code.
#define EXPECT_FAILS_WITH(expression, code)                                                \
  do {                                                                                     \
    const auto& hail_outcome = (expression);                                               \
    ASSERT_FALSE(hail_outcome.ok()) << "expected " << name_of(code) << ", got a value";    \
    EXPECT_TRUE(hail_outcome.error().is(code))                                             \
        << "expected " << name_of(code) << ", got " << hail_outcome.error().name() << ": " \
        << hail_outcome.error().message();                                                 \
  } while (false)
