package org.alignment4j.oversight.constitution;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.oversight.Draw;
import org.alignment4j.oversight.Proceedings;

/** One chain as it grows. For one thread. */
final class ChainRun {
  private final ChainSettings settings;
  private final Prompt prompt;
  private final Proceedings proceedings;
  private final long seed;
  private final List<RevisionStep> steps = new ArrayList<>();
  private Optional<String> answer = Optional.empty();

  ChainRun(ChainSettings settings, Prompt prompt, Proceedings proceedings, long seed) {
    this.settings = settings;
    this.prompt = prompt;
    this.proceedings = proceedings;
    this.seed = seed;
  }

  Outcome<RevisionChain> outcome() {
    try {
      RevisionChain.Ending ending = grow();
      return proceedings.outcome(chain(ending));
    } catch (BudgetExceededException limit) {
      return proceedings.stopped(chain(RevisionChain.Ending.BUDGET), limit);
    }
  }

  private RevisionChain chain(RevisionChain.Ending ending) {
    return new RevisionChain(prompt, answer, steps, ending);
  }

  private RevisionChain.Ending grow() {
    answer =
        said(
            RevisionChain.ASSISTANT,
            0,
            settings
                .assistant()
                .ask(prompt, SectionParser.answer(), RevisionChain.ASSISTANT, 0, proceedings));
    if (answer.isEmpty()) {
      return RevisionChain.Ending.NO_ANSWER;
    }
    String latest = answer.get();
    for (int step = 0; step < settings.revisions(); step++) {
      Principle principle =
          Constitution.draw(settings.principles(), 1, seed, "principle", step).get(0);
      Optional<String> critique =
          settings.criticised() ? criticise(latest, principle, step) : Optional.of("");
      if (critique.isEmpty()) {
        return RevisionChain.Ending.NO_CRITIQUE;
      }
      Optional<String> revision = revise(latest, principle, critique.get(), step);
      if (revision.isEmpty()) {
        return RevisionChain.Ending.NO_REVISION;
      }
      steps.add(step(principle, critique.get(), revision.get(), latest));
      latest = revision.get();
    }
    return RevisionChain.Ending.COMPLETE;
  }

  private Optional<String> criticise(String latest, Principle principle, int step) {
    Prompt asked = settings.prompts().critique(prompt, latest, principle);
    return said(
        RevisionChain.CRITIC,
        step,
        settings
            .critic()
            .ask(asked, SectionParser.critique(), RevisionChain.CRITIC, step, proceedings));
  }

  private Optional<String> revise(String latest, Principle principle, String critique, int step) {
    Prompt asked = settings.prompts().revision(prompt, latest, principle, critique);
    return said(
        RevisionChain.REVISER,
        step,
        settings
            .critic()
            .ask(
                asked, SectionParser.revision(critique), RevisionChain.REVISER, step, proceedings));
  }

  private RevisionStep step(Principle principle, String critique, String revision, String before) {
    return new RevisionStep(
        principle.id(),
        critique,
        revision,
        !revision.equals(before),
        settings.refusal().test(revision));
  }

  private Optional<String> said(String role, int round, Draw<String> draw) {
    Optional<String> section = draw.value();
    proceedings.hear(
        new Turn(
            role,
            round,
            section.orElse(draw.said().visible()),
            draw.said().hidden(),
            section.isPresent(),
            draw.attempts(),
            draw.usage()));
    return section;
  }
}
