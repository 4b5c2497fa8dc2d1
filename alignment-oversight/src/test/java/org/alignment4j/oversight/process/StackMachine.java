package org.alignment4j.oversight.process;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Judge;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.Verdict;
import org.alignment4j.api.oversight.View;

/**
 * Checks solutions that close the brackets of BIG-Bench's Dyck languages: each step against the
 * brackets read and the stack that the steps before it state.
 */
final class StackMachine implements Judge {
  private static final Map<String, String> CLOSING = Map.of("(", ")", "[", "]", "{", "}", "<", ">");
  private static final Pattern READ = Pattern.compile("(\\S) ?; stack: (.*)");
  private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"");

  @Override
  public Verdict judge(View view, OversightContext context) {
    List<String> stack = List.of();
    int read = 0;
    for (String step : view.material().subList(0, view.material().size() - 1)) {
      Matcher stated = READ.matcher(step);
      if (stated.matches()) {
        stack = brackets(stated.group(2));
        read++;
      }
    }
    String step = view.material().get(view.material().size() - 1);
    boolean right = right(step, brackets(view.question()), read, stack);
    return new Verdict.Decided(
        right ? StepLabelling.RIGHT : StepLabelling.WRONG, 1, "", Usage.NONE);
  }

  private static List<String> brackets(String text) {
    return text.isBlank() || text.strip().equals("empty")
        ? List.of()
        : List.of(text.strip().split("\\s+", -1));
  }

  private static boolean right(String step, List<String> input, int read, List<String> stack) {
    Matcher next = READ.matcher(step);
    if (next.matches()) {
      return read < input.size()
          && input.get(read).equals(next.group(1))
          && brackets(next.group(2)).equals(after(stack, next.group(1)));
    }
    if (step.contains("final stack")) {
      return read == input.size() && quoted(step).equals(stack);
    }
    List<String> reversed = new ArrayList<>(stack);
    Collections.reverse(reversed);
    int answer = step.indexOf("answer is");
    if (answer >= 0) {
      List<String> said = brackets(step.substring(answer + "answer is".length()));
      return said.equals(reversed.stream().map(CLOSING::get).toList());
    }
    return !step.contains("pop out") || quoted(step).isEmpty() || quoted(step).equals(reversed);
  }

  /** The stack when a bracket was read; empty of brackets where none matches. */
  private static List<String> after(List<String> stack, String bracket) {
    List<String> after = new ArrayList<>(stack);
    if (CLOSING.containsKey(bracket)) {
      after.add(bracket);
      return after;
    }
    int last = after.size() - 1;
    return last >= 0 && bracket.equals(CLOSING.get(after.get(last)))
        ? after.subList(0, last)
        : List.of("no match");
  }

  private static List<String> quoted(String step) {
    List<String> all = new ArrayList<>();
    QUOTED.matcher(step).results().forEach(found -> all.addAll(brackets(found.group(1))));
    return all;
  }
}
