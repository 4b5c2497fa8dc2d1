package org.alignment4j.eval.bias;

import java.util.List;
import org.apiguardian.api.API;

/** How an item of BBQ is put to a model; the answers' texts are the continuations. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum BbqPrompt {

  /** {@code {context}\n\nQ: {question}\nA:}, as in lm-evaluation-harness. */
  QUESTION {
    @Override
    String text(String context, String question, List<String> answers) {
      return context + "\n\nQ: " + question + "\nA:";
    }
  },

  /** {@code {context}\n\nQ: {question}\n(a) … (b) … (c) …\nA:}, for answers that are written. */
  LETTERED {
    @Override
    String text(String context, String question, List<String> answers) {
      return context + "\n\nQ: " + question + "\n" + lettered(answers) + "\nA:";
    }
  },

  /** Question, lettered answers, context: the RACE form of UnifiedQA, in the paper. */
  RACE {
    @Override
    String text(String context, String question, List<String> answers) {
      return question + " \n " + lettered(answers) + " \n " + context;
    }
  },

  /** Context, question, lettered answers: the ARC form of UnifiedQA, in the paper. */
  ARC {
    @Override
    String text(String context, String question, List<String> answers) {
      return context + " " + question + " \n " + lettered(answers);
    }
  };

  abstract String text(String context, String question, List<String> answers);

  private static String lettered(List<String> answers) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < answers.size(); i++) {
      text.append(i == 0 ? "(" : " (").append((char) ('a' + i)).append(") ").append(answers.get(i));
    }
    return text.toString();
  }
}
