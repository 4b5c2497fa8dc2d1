package org.alignment4j.eval.factuality.selfcheck;

import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.ChoiceDistribution;
import org.alignment4j.api.model.ChoiceModel;
import org.alignment4j.api.model.ChoiceRequest;
import org.alignment4j.eval.factuality.OneLine;
import org.alignment4j.eval.factuality.PromptStyle;

/** See {@link EntailmentModel#of}. */
record ChoiceEntailment(ChoiceModel model, PromptStyle style) implements EntailmentModel {

  private static final List<String> WORDS = List.of("entailment", "neutral", "contradiction");

  @Override
  public String id() {
    return "choice " + style + ": " + model.id();
  }

  @Override
  public List<Inference> infer(List<Pair> pairs, CancellationToken cancellation) {
    // After a text a blank separates the word; it is the whole of a chat's next message.
    String before = style == PromptStyle.TEXT ? " " : "";
    List<String> choices = WORDS.stream().map(word -> before + word).toList();
    List<ChoiceRequest> requests =
        pairs.stream()
            .map(pair -> new ChoiceRequest(style.prompt(question(pair)), choices, false))
            .toList();
    return model.choose(requests, cancellation).stream().map(ChoiceEntailment::inference).toList();
  }

  private static String question(Pair pair) {
    return "Premise: "
        + OneLine.of(pair.premise())
        + "\nHypothesis: "
        + OneLine.of(pair.hypothesis())
        + "\nIs the relation of premise to hypothesis entailment, neutral or contradiction?"
        + "\nRelation:";
  }

  private static Inference inference(ChoiceDistribution choice) {
    return new Inference(
        choice.choices().get(0).probability(),
        choice.choices().get(2).probability(),
        choice.usage());
  }
}
