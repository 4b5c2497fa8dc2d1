package org.alignment4j.eval.bias;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.evaluation.Answer;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.Solver;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.Model;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.Usage;

/**
 * Encodes targets and attributes; the answer's text is the target's association, so that a run can
 * keep it as it keeps any other answer.
 */
record AssociationSolver(SentenceEncoder encoder, List<String> first, List<String> second)
    implements Solver {

  AssociationSolver {
    first = List.copyOf(first);
    second = List.copyOf(second);
  }

  @Override
  public Set<Class<? extends Model>> requires() {
    return encoder.requires();
  }

  @Override
  public List<Answer> solve(List<Sample> samples, Model model, CancellationToken cancellation) {
    List<String> texts = new ArrayList<>(first);
    texts.addAll(second);
    samples.forEach(sample -> texts.add(((Prompt.Text) sample.prompt()).text()));
    List<float[]> vectors = encoder.encode(texts, model, cancellation);
    if (vectors.size() != texts.size()) {
      throw new ModelExecutionException(
          "encoder '%s' must give one vector per text, %s, but gave %s"
              .formatted(encoder.name(), texts.size(), vectors.size()));
    }
    int attributes = first.size() + second.size();
    List<float[]> one = vectors.subList(0, first.size());
    List<float[]> other = vectors.subList(first.size(), attributes);
    List<Answer> answers = new ArrayList<>();
    for (float[] target : vectors.subList(attributes, vectors.size())) {
      double association = AssociationFormulas.association(target, one, other);
      Completion text = Completion.of(Double.toString(association), FinishReason.EOS, Usage.NONE);
      answers.add(new Answer(List.of(text), List.of(), Usage.NONE));
    }
    return List.copyOf(answers);
  }
}
