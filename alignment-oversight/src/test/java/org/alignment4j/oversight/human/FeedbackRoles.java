package org.alignment4j.oversight.human;

import static org.alignment4j.oversight.human.Role.CONTEXT;
import static org.alignment4j.oversight.human.Role.REQUEST;
import static org.alignment4j.oversight.human.Role.role;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.reward.Comparison;
import org.alignment4j.core.data.Demonstration;
import org.alignment4j.oversight.Respondent;
import org.alignment4j.oversight.ScriptedModel;
import org.alignment4j.oversight.constitution.AiPreferences;
import org.alignment4j.oversight.constitution.Bounds;
import org.alignment4j.oversight.constitution.Constitution;
import org.alignment4j.oversight.constitution.ConstitutionLabeler;
import org.alignment4j.oversight.constitution.CritiqueRevision;
import org.alignment4j.oversight.constitution.DirectScore;
import org.alignment4j.oversight.constitution.HelpfulAnswers;
import org.alignment4j.oversight.constitution.LetterRater;
import org.alignment4j.oversight.constitution.PairLabel;
import org.alignment4j.oversight.constitution.Principle;
import org.alignment4j.oversight.constitution.ReasonedRater;
import org.alignment4j.oversight.constitution.RevisionStep;
import org.alignment4j.oversight.constitution.VotingRater;
import org.alignment4j.oversight.selfalign.InstructionGeneration;
import org.alignment4j.oversight.selfalign.PrincipledAnswers;
import org.alignment4j.oversight.selfalign.QuestionType;
import org.alignment4j.oversight.selfalign.TopicGeneration;
import org.alignment4j.oversight.selfalign.TopicInstruction;

/** Roles of constitutions and of SELF-ALIGN. */
final class FeedbackRoles {
  private static final SamplingOptions SAMPLED = SamplingOptions.builder(50).temperature(1).build();
  private static final Constitution CONSTITUTION =
      new Constitution(
          List.of(new Principle("kind", "Is it unkind?", "Make it kind.", "kindness")));
  private static final Comparison ANSWERS = new Comparison(REQUEST, "Gently.", "With a kick.");
  private static final String LONG =
      "Doors have a handle. You press the handle down and pull the door towards you, and when it"
          + " does not move you push it; some doors slide to one side, and a few turn round an"
          + " axle in their middle.";

  private FeedbackRoles() {}

  static Stream<Role> constitutions() {
    UnaryOperator<String> prefersGently =
        asked -> asked.indexOf("Gently.") < asked.indexOf("With a kick.") ? "A" : "B";
    return Stream.of(
        new Role(
            "voting pair rater",
            asked -> "[[" + prefersGently.apply(asked) + "]]",
            person -> label(VotingRater.of(person.asModel(), 1).rate(ANSWERS, "kindness", CONTEXT)),
            1.0),
        new Role(
            "pair rater by letters",
            prefersGently,
            person ->
                label(LetterRater.of(person.asChoiceModel()).rate(ANSWERS, "kindness", CONTEXT)),
            1.0),
        new Role(
            "pair rater with reasons",
            asked ->
                asked.contains("Think step by step") ? "The kick." : prefersGently.apply(asked),
            person ->
                label(
                    ReasonedRater.of(
                            Respondent.of(person.asModel(), SAMPLED), person.asChoiceModel())
                        .withBounds(Bounds.NONE)
                        .rate(ANSWERS, "kindness", CONTEXT)),
            1.0),
        role(
            "scorer",
            "10",
            1.0,
            person ->
                DirectScore.of(person.asChoiceModel(), "kindness")
                    .score(
                        List.of(new PromptCompletion(REQUEST, "Gently.")), CancellationToken.none())
                    .get(0)
                    .value()),
        new Role(
            "critic and reviser",
            asked ->
                asked.contains("You examine")
                    ? "Critique: It is rude."
                    : "Revision: Knock, please.",
            person ->
                CritiqueRevision.by(ScriptedModel.saying("Kick it."), CONSTITUTION)
                    .critic(person.asModel())
                    .revisions(1)
                    .build()
                    .run(REQUEST, CONTEXT)
                    .verdict()
                    .steps(),
            List.of(new RevisionStep("kind", "It is rude.", "Knock, please.", true, false))),
        role(
            "assistant who is criticised",
            "Kick it.",
            Optional.of("Kick it."),
            person ->
                CritiqueRevision.by(person.asModel(), CONSTITUTION)
                    .critic(ScriptedModel.saying("It is rude.", "Knock."))
                    .revisions(1)
                    .build()
                    .run(REQUEST, CONTEXT)
                    .verdict()
                    .answer()),
        role(
            "assistant with helpful answers",
            "Press the handle.",
            List.of(
                Demonstration.answer(REQUEST, "Press the handle."),
                Demonstration.answer(REQUEST, "Press the handle.")),
            person ->
                HelpfulAnswers.of(Respondent.of(person.asModel(), SAMPLED))
                    .run(REQUEST, CONTEXT)
                    .verdict()),
        role(
            "assistant whose answers are compared",
            "Press the handle.",
            List.of("Press the handle.", "Press the handle."),
            person -> {
              Comparison compared =
                  new AiPreferences(
                          Respondent.of(person.asModel(), SAMPLED),
                          ConstitutionLabeler.of(
                              CONSTITUTION, VotingRater.of(ScriptedModel.saying("[[A]]"), 1)))
                      .run(REQUEST, CONTEXT)
                      .verdict()
                      .orElseThrow()
                      .comparison();
              return List.of(compared.first(), compared.second());
            }));
  }

  private static double label(PairLabel label) {
    return label.firstIsBetter().orElseThrow();
  }

  static Stream<Role> selfAlignment() {
    QuestionType type = new QuestionType("Puzzles", List.of("Doors", "Keys"));
    return Stream.of(
        role(
            "writer of topics",
            "1. Locks\n2. Old Hinges",
            Map.of("Puzzles", List.of("Doors", "Keys", "Locks", "Old Hinges")),
            person ->
                Map.of(
                    "Puzzles",
                    TopicGeneration.by(person.asModel(), 1)
                        .run(List.of(type), CONTEXT)
                        .verdict()
                        .get(type))),
        new Role(
            "writer of instructions",
            asked ->
                asked
                        .lines()
                        .map(line -> line.replace("|", "").strip())
                        .filter(line -> line.contains("Doors"))
                        .findFirst()
                        .orElseThrow()
                    + " Why do they creak?",
            person ->
                InstructionGeneration.by(
                        person.asModel(),
                        List.of(new TopicInstruction("Puzzles", "Keys", "What is a key?")))
                    .run(Map.of(type, List.of("Doors")), CONTEXT)
                    .verdict(),
            List.of(new TopicInstruction("Puzzles", "Doors", "Why do they creak?"))),
        role(
            "writer by principles",
            "I am Lantern, an assistant that answers by its rules. Rule 8.\nAnswer: " + LONG,
            1,
            person ->
                PrincipledAnswers.by(person.asModel())
                    .run(REQUEST, CONTEXT)
                    .verdict()
                    .demonstrations()
                    .size()));
  }
}
