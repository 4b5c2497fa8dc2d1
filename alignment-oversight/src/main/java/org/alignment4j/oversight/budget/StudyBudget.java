package org.alignment4j.oversight.budget;

import org.alignment4j.api.oversight.Budget;
import org.alignment4j.api.oversight.OversightContext;
import org.apiguardian.api.API;

/** Budgets that runs of many questions cannot keep are refused before the first call. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class StudyBudget {
  private StudyBudget() {}

  /**
   * Refuses a study's context that has a budget: of a question that failed or was tried again no
   * one but the recorded calls knows what it cost.
   *
   * @throws IllegalArgumentException if the context has a budget
   */
  public static void requireNone(OversightContext context) {
    if (!context.budget().equals(Budget.UNLIMITED)) {
      throw new IllegalArgumentException(
          "a study's context must have no budget but has "
              + context.budget()
              + "; leave the budget out, and give it to the recorded calls of the roles, which"
              + " count every call of all arms");
    }
  }

  /**
   * Refuses a budget of a question that limits money.
   *
   * @return the budget
   * @throws IllegalArgumentException if it limits money
   */
  public static Budget requireNoMoney(Budget question) {
    if (question.money().isPresent()) {
      throw new IllegalArgumentException(
          "a question's budget must not limit money, which needs prices, but was "
              + question
              + "; give it to the recorded calls of the roles, which have them");
    }
    return question;
  }
}
