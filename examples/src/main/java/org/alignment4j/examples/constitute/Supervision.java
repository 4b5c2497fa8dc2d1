package org.alignment4j.examples.constitute;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.ProgressListener;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.OversightProtocol;
import org.alignment4j.core.calls.ConcurrencyLimits;
import org.alignment4j.core.data.Demonstration;
import org.alignment4j.core.judge.PromptText;
import org.alignment4j.oversight.OversightRun;
import org.alignment4j.oversight.Respondent;
import org.alignment4j.oversight.RunReport;
import org.alignment4j.oversight.call.RecordedCalls;
import org.alignment4j.oversight.constitution.AiLabel;
import org.alignment4j.oversight.constitution.AiPreferences;
import org.alignment4j.oversight.constitution.Constitution;
import org.alignment4j.oversight.constitution.ConstitutionLabeler;
import org.alignment4j.oversight.constitution.CritiqueRevision;
import org.alignment4j.oversight.constitution.HelpfulAnswers;
import org.alignment4j.oversight.constitution.RevisionChain;
import org.alignment4j.pocket.world.Question;
import org.alignment4j.pocket.world.Request;
import org.alignment4j.runtime.DecoderModel;

/**
 * The feedback of a supervisor by the constitution.
 *
 * @param supervisor criticises and revises, and weighs critiques
 * @param calls keeps what models were asked
 * @param threads as many as questions run at once
 * @param progress hears of every question
 */
record Supervision(
    ConstituteSettings settings,
    DecoderModel supervisor,
    RecordedCalls calls,
    Executor threads,
    ProgressListener progress) {
  /** How many questions run at once. */
  static final int AT_ONCE = 2;

  private static final SamplingOptions ANSWER =
      SamplingOptions.builder(HeldOut.TOKENS).temperature(1).build();
  private static final SamplingOptions FEEDBACK =
      SamplingOptions.builder(HeldOut.TOKENS).temperature(0.5).build();
  private static final String SUPERVISOR = "supervisor";
  private static final int ATTEMPTS = 3;
  private static final Constitution CONSTITUTION = WorldPrinciple.constitution();

  /** Answers of a model, criticised and revised. */
  Map<Request, RevisionChain> chains(DecoderModel assistant, List<Request> requests) {
    CritiqueRevision protocol =
        CritiqueRevision.by(calls.as("assistant", assistant), CONSTITUTION)
            .critic(calls.as(SUPERVISOR, supervisor))
            .revisions(settings.revisions())
            .prompts(new SupervisorPrompts())
            .options(ANSWER)
            .criticOptions(FEEDBACK)
            .build();
    return ofRequests("revision", protocol, requests);
  }

  /** Answers of a model to questions, as they are. */
  List<Demonstration> answers(DecoderModel assistant, List<Question> questions) {
    HelpfulAnswers protocol =
        HelpfulAnswers.of(new Respondent(calls.as("assistant", assistant), ANSWER, ATTEMPTS));
    List<Demonstration> all = new ArrayList<>();
    run("answers", protocol, questions.stream().map(Question::prompt).toList())
        .values()
        .forEach(all::addAll);
    return all;
  }

  /** Two answers of a model to each request, compared; without label where they are the same. */
  Map<Request, AiLabel> labels(DecoderModel assistant, List<Request> requests) {
    AiPreferences protocol =
        new AiPreferences(
            new Respondent(calls.as("fine-tuned", assistant), ANSWER, ATTEMPTS),
            ConstitutionLabeler.of(
                    CONSTITUTION, new CritiqueRater(calls.likelihoods(SUPERVISOR, supervisor)))
                .withEnsemble(CONSTITUTION.principles().size()));
    Map<Request, Optional<AiLabel>> found = ofRequests("preference", protocol, requests);
    Map<Request, AiLabel> labels = new LinkedHashMap<>();
    found.forEach((request, label) -> label.ifPresent(given -> labels.put(request, given)));
    return labels;
  }

  private <V> Map<Request, V> ofRequests(
      String name, OversightProtocol<Prompt, V> protocol, List<Request> requests) {
    Map<Prompt, V> found = run(name, protocol, requests.stream().map(Request::prompt).toList());
    Map<Request, V> all = new LinkedHashMap<>();
    for (Request request : requests) {
      V value = found.get(request.prompt());
      if (value != null) {
        all.put(request, value);
      }
    }
    return all;
  }

  private <V> Map<Prompt, V> run(
      String name, OversightProtocol<Prompt, V> protocol, List<? extends Prompt> prompts) {
    RunReport<Prompt, V> report =
        OversightRun.of(name, protocol, (Prompt prompt) -> PromptText.of(prompt))
            .seed(settings.seed())
            .concurrency(ConcurrencyLimits.atMost(AT_ONCE), threads)
            .progress(progress)
            .run(prompts);
    if (!report.failures().isEmpty()) {
      throw new AlignmentException(
          "every prompt must be worked on but of "
              + prompts.size()
              + " failed "
              + report.failures().size()
              + ", the first with: "
              + report.failures().values().iterator().next());
    }
    Map<Prompt, V> values = new LinkedHashMap<>();
    for (Map.Entry<Prompt, Outcome<V>> entry : report.outcomes().entrySet()) {
      values.put(entry.getKey(), entry.getValue().verdict());
    }
    return values;
  }
}
