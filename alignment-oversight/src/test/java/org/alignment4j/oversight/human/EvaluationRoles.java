package org.alignment4j.oversight.human;

import static org.alignment4j.oversight.human.Role.CONTEXT;
import static org.alignment4j.oversight.human.Role.FIRST;
import static org.alignment4j.oversight.human.Role.OTHER;
import static org.alignment4j.oversight.human.Role.QUESTION;
import static org.alignment4j.oversight.human.Role.REQUEST;
import static org.alignment4j.oversight.human.Role.choice;
import static org.alignment4j.oversight.human.Role.role;
import static org.alignment4j.oversight.human.Role.said;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.oversight.Verdict;
import org.alignment4j.api.reward.StepwiseSolution;
import org.alignment4j.oversight.Respondent;
import org.alignment4j.oversight.ScriptedModel;
import org.alignment4j.oversight.debate.DirectJudgement;
import org.alignment4j.oversight.decompose.DecompositionLimits;
import org.alignment4j.oversight.decompose.FactoredCognition;
import org.alignment4j.oversight.decompose.QuestionNode;
import org.alignment4j.oversight.decompose.SequentialDecomposition;
import org.alignment4j.oversight.decompose.Verification;
import org.alignment4j.oversight.process.StepLabelling;
import org.alignment4j.oversight.recursive.AidedEvaluation;
import org.alignment4j.oversight.recursive.Aids;
import org.alignment4j.oversight.sandwich.Participant;
import org.alignment4j.oversight.sandwich.Sandwich;
import org.alignment4j.oversight.sandwich.Session;

/** Roles of decompositions, amplification, evaluation, sandwiching and step labels. */
final class EvaluationRoles {
  private EvaluationRoles() {}

  static Stream<Role> decompositions() {
    ScriptedModel answering =
        ScriptedModel.of((p, seed, draw) -> p.contains("Where does Ada live") ? "Peru" : "Lima");
    FactoredCognition factored =
        FactoredCognition.by(answering).withLimits(DecompositionLimits.DEFAULT.withDepth(1));
    SamplingOptions greedy = SamplingOptions.greedy(50);
    return Stream.of(
        role(
            "divider",
            "Where does Ada live?\nWhat is its capital?",
            List.of("Where does Ada live?", "What is its capital?"),
            person ->
                parts(
                    new FactoredCognition(
                        Respondent.of(person.asModel(), greedy),
                        factored.answerer(),
                        factored.prompts(),
                        factored.form(),
                        factored.limits()))),
        role(
            "answerer",
            "\"Lima\"",
            Optional.of("Lima"),
            person ->
                new FactoredCognition(
                        Respondent.of(ScriptedModel.saying("Where?\nWhat?"), greedy),
                        Respondent.of(person.asModel(), greedy),
                        factored.prompts(),
                        factored.form(),
                        factored.limits())
                    .run("Which capital is near Ada?", CONTEXT)
                    .verdict()
                    .answer()),
        new Role(
            "overseer of amplification",
            asked -> asked.contains("A: Peru") ? "Answer: Lima" : "Ask: Where does Ada live?",
            person ->
                SequentialDecomposition.by(answering)
                    .withOverseer(person.asModel())
                    .run("Which capital is near Ada?", CONTEXT)
                    .verdict()
                    .answer(),
            Optional.of("Lima")),
        role(
            "assistant of amplification",
            "\"Peru\"",
            Optional.of("Peru"),
            person ->
                SequentialDecomposition.by(ScriptedModel.saying("Nothing to ask."))
                    .withModel(person.asModel())
                    .run("Where does Ada live?", CONTEXT)
                    .verdict()
                    .answer()),
        role(
            "checker of parts",
            "Yes",
            1.0,
            person ->
                Verification.by(person.asChoiceModel())
                    .check(
                        factored.run("Which capital?", CONTEXT).verdict(), CONTEXT.cancellation())
                    .answer()
                    .orElseThrow()));
  }

  private static List<String> parts(FactoredCognition protocol) {
    return protocol.run("Which capital is near Ada?", CONTEXT).verdict().parts().stream()
        .map(QuestionNode::question)
        .toList();
  }

  static Stream<Role> evaluations() {
    AidedEvaluation aided =
        AidedEvaluation.unaided(FIRST)
            .with(Aids.by(OTHER, outputs -> List.of("Find a flaw of A.")));
    StepwiseSolution solution = new StepwiseSolution(REQUEST, List.of("Press.", "Kick.", "Go."));
    return Stream.of(
        role(
            "evaluator",
            "B 90",
            Map.of(1, "Ben"),
            person ->
                Map.of(
                    1,
                    choice(
                        AidedEvaluation.unaided(person)
                            .run(QUESTION, CONTEXT)
                            .verdict()
                            .verdicts()
                            .get(0)))),
        role(
            "helper of an evaluator",
            "It has no source.",
            List.of("It has no source."),
            person ->
                said(
                    aided
                        .with(Aids.by(person, outputs -> List.of("Find a flaw of A.")))
                        .run(QUESTION, CONTEXT)
                        .transcript()
                        .turns(),
                    AidedEvaluation.HELPER)),
        new Role(
            "labeller of steps",
            asked -> asked.contains("Kick.") ? "C 100" : "A 100",
            person ->
                StepLabelling.by(person).run(solution, CONTEXT).verdict().correctness().toString(),
            "[OptionalDouble[1.0], OptionalDouble[0.0], OptionalDouble.empty]"),
        role(
            "participant of a sandwich",
            "B 60",
            "Ben",
            person ->
                choice(
                    Sandwich.of(OTHER, FIRST)
                        .withTurns(1)
                        .run(
                            new Session(new Participant("p", OTHER, person, false), QUESTION),
                            CONTEXT)
                        .verdict()
                        .assisted()
                        .orElseThrow())),
        role(
            "participant who asks",
            "Who was it?",
            List.of("Who was it?"),
            person ->
                said(
                    Sandwich.of(OTHER, FIRST)
                        .withTurns(1)
                        .run(
                            new Session(new Participant("p", person, FIRST, false), QUESTION),
                            CONTEXT)
                        .transcript()
                        .turns(),
                    Sandwich.PARTICIPANT)),
        role(
            "expert",
            "B 100",
            "Ben",
            person ->
                choice(
                    Sandwich.of(OTHER, FIRST)
                        .withExpert(person)
                        .withTurns(1)
                        .run(
                            new Session(Participant.simulated("p", OTHER, FIRST), QUESTION),
                            CONTEXT)
                        .verdict()
                        .expert()
                        .orElseThrow())),
        role(
            "judge alone",
            "A 55",
            0.55,
            person ->
                ((Verdict.Decided)
                        DirectJudgement.blind(person)
                            .run(QUESTION, CONTEXT)
                            .verdict()
                            .verdicts()
                            .get(0))
                    .probability()));
  }
}
