package org.alignment4j.eval.factuality;

import java.util.Map;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Answer;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.evaluation.Scorer;

/** Whether an answer begins with a right object that ends where a word ends. */
record GeneratedObject() implements Scorer {

  static final String GENERATED = "generated";

  @Override
  public Map<String, Score> score(Sample sample, Answer answer, CancellationToken cancellation) {
    String text = answer.completions().get(0).text().strip();
    boolean right = sample.targets().stream().anyMatch(target -> begins(text, target));
    return Map.of(GENERATED, new Score.Scored(right ? 1 : 0));
  }

  static boolean begins(String text, String target) {
    return text.startsWith(target)
        && (text.length() == target.length()
            || !Character.isLetterOrDigit(text.codePointAt(target.length())));
  }
}
