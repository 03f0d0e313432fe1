#include "services/lab/serve/fault_text.h"

#include <gtest/gtest.h>

namespace hailstorm::lab {
namespace {

FaultState frozen_payment() {
  FaultState fault;
  fault.request.id = "f1";
  fault.request.target = "payment";
  fault.request.action = FaultAction::freeze;
  fault.request.duration_ms = 15'000;
  fault.request.by = "lesson 2";
  fault.phase = FaultPhase::proven;
  fault.asked_at_ms = 1'000'000;
  fault.injected_at_ms = 1'000'010;
  fault.proven_at_ms = 1'000'150;
  fault.reverts_at_ms = 1'015'010;
  fault.evidence = "/proc/71/status says T";
  return fault;
}

TEST(FaultTextTest, SaysOfEachPhaseWhenItWas) {
  const std::string text = to_text(frozen_payment(), 1'003'010);
  EXPECT_NE(text.find("f1  freeze of payment for 15s, by lesson 2: proven\n"), std::string::npos);
  EXPECT_NE(text.find("+0.010 s  injected\n"), std::string::npos);
  EXPECT_NE(text.find("+0.150 s  proven\n"), std::string::npos);
  EXPECT_NE(text.find("reverts by itself in 12.0 s\n"), std::string::npos);
  EXPECT_NE(text.find("probed: /proc/71/status says T\n"), std::string::npos);
  EXPECT_EQ(text.find("reverted"), std::string::npos);
}

TEST(FaultTextTest, OneThatWasNotProvenSaysSoLoudly) {
  FaultState fault = frozen_payment();
  fault.phase = FaultPhase::not_proven;
  fault.proven_at_ms = 0;
  EXPECT_NE(to_text(fault, 1'003'010).find(": NOT PROVEN\n"), std::string::npos);
}

TEST(FaultTextTest, ANameOfItsOwnerTakesNoLineOfItsOwn) {
  FaultState fault = frozen_payment();
  fault.request.by = "me: proven off\nf2  kill of broker";
  EXPECT_NE(to_text(fault, 1'003'010).find(", by me: proven off\\x0af2  kill of broker: proven\n"),
            std::string::npos);
}

TEST(FaultTextTest, OneThatIsOverSaysSinceWhen) {
  FaultState fault = frozen_payment();
  fault.phase = FaultPhase::proven_off;
  fault.reverted_at_ms = 1'015'011;
  fault.proven_off_at_ms = 1'015'033;
  const std::string text = to_text(fault, 2'000'000);
  EXPECT_NE(text.find("+15.011 s  reverted\n"), std::string::npos);
  EXPECT_NE(text.find("+15.033 s  proven off\n"), std::string::npos);
  EXPECT_EQ(text.find("by itself"), std::string::npos);
}

}  // namespace
}  // namespace hailstorm::lab
