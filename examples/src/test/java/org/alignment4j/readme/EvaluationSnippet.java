package org.alignment4j.readme;

import java.nio.file.Path;
import java.util.List;
import org.alignment4j.api.evaluation.Benchmark;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.model.Model;
import org.alignment4j.eval.Evaluation;
import org.alignment4j.eval.EvaluationComparison;
import org.alignment4j.eval.EvaluationMarkdown;
import org.alignment4j.eval.EvaluationPage;
import org.alignment4j.eval.EvaluationRun;
import org.alignment4j.eval.declared.ChoiceTask;
import org.alignment4j.eval.gate.Gate;
import org.alignment4j.eval.gate.GateReport;
import org.alignment4j.eval.gate.Gates;
import org.alignment4j.pocket.world.Question;

/** The README's code of an evaluation. Between the markers it is the README's text. */
final class EvaluationSnippet {
  private EvaluationSnippet() {}

  record Seen(EvaluationRun run, GateReport gates, String markdown) {}

  static Seen run(Model base, Model candidate, List<Question> questions, Path folder) {
    // start of the README's code
    // A benchmark of your own; TruthfulQa, Bbq, XsTest and others read their files.
    Benchmark facts =
        ChoiceTask.of("facts", questions.stream().map(EvaluationSnippet::sample).toList());
    EvaluationRun run =
        Evaluation.of(facts)
            .model("base", base)
            .model("candidate", candidate)
            .runFolder(folder.resolve("evaluation")) // an interrupted run goes on from here
            .run();
    GateReport gates =
        Gates.of(
                Gate.atLeast("facts", "acc", 0.6), // its interval must lie above
                Gate.notWorseThan("base"))
            .check(run);
    EvaluationPage.of(run, 20).write(folder.resolve("evaluation.html"));
    String markdown = // for a pull request: paired, adjusted for the number of metrics
        EvaluationMarkdown.of(EvaluationComparison.of(run.of("base"), run.of("candidate")));
    // end of the README's code
    return new Seen(run, gates, markdown);
  }

  private static Sample sample(Question question) {
    String right = question.reply(question.fact().value());
    String wrong = question.reply(question.wrongOptions().get(1));
    return Sample.choice(question.text(), question.prompt(), List.of(right, wrong), List.of(right));
  }
}
