package org.alignment4j.oversight.market;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.api.oversight.View;

/**
 * What is left to add of a claimed sum after the partial sums of the arguments. A partial sum
 * counts when it is right and adds two numbers that are left; the two are then replaced by it.
 *
 * @param left the numbers that are left to add
 * @param claimed the sum that is claimed
 */
record SumLedger(List<Long> left, long claimed) {
  private static final String NUMBER = "(-?[0-9]{1,15})";
  private static final Pattern CLAIM =
      Pattern.compile(NUMBER + "(?: \\+ [0-9]{1,15})+ = " + NUMBER);
  private static final Pattern PARTIAL =
      Pattern.compile("(?<![0-9+] {0,1})" + NUMBER + " \\+ " + NUMBER + " = " + NUMBER);

  SumLedger {
    left = List.copyOf(left);
  }

  static SumLedger of(View view) {
    String claim = view.question().strip();
    if (!CLAIM.matcher(claim).matches()) {
      throw new IllegalArgumentException(
          "a claim about a sum must look like '3 + 17 + 5 = 25' but was '" + claim + "'");
    }
    int equals = claim.indexOf(" = ");
    List<Long> left = new ArrayList<>();
    for (String number : claim.substring(0, equals).split(" \\+ ", -1)) {
      left.add(Long.parseLong(number));
    }
    for (Turn turn : view.turns()) {
      Matcher sums = PARTIAL.matcher(turn.visible());
      while (sums.find()) {
        add(
            left,
            Long.parseLong(sums.group(1)),
            Long.parseLong(sums.group(2)),
            Long.parseLong(sums.group(3)));
      }
    }
    return new SumLedger(left, Long.parseLong(claim.substring(equals + 3)));
  }

  private static void add(List<Long> left, long a, long b, long sum) {
    List<Long> rest = new ArrayList<>(left);
    if (a + b == sum && rest.remove((Long) a) && rest.remove((Long) b)) {
      left.clear();
      left.addAll(rest);
      left.add(sum);
    }
  }
}
