package org.alignment4j.oversight.human;

import static org.alignment4j.oversight.human.Role.CONTEXT;
import static org.alignment4j.oversight.human.Role.FIRST;
import static org.alignment4j.oversight.human.Role.OTHER;
import static org.alignment4j.oversight.human.Role.QUESTION;
import static org.alignment4j.oversight.human.Role.choice;
import static org.alignment4j.oversight.human.Role.role;
import static org.alignment4j.oversight.human.Role.said;
import static org.alignment4j.oversight.human.Role.saying;

import java.util.List;
import java.util.stream.Stream;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.api.oversight.Verdict;
import org.alignment4j.api.oversight.View;
import org.alignment4j.core.judge.JudgeModel;
import org.alignment4j.core.judge.ModelJudge;
import org.alignment4j.core.judge.SoftJudgeModel;
import org.alignment4j.oversight.agent.BestOfN;
import org.alignment4j.oversight.agent.CritiqueRefined;
import org.alignment4j.oversight.agent.DraftRater;
import org.alignment4j.oversight.agent.JudgeRater;
import org.alignment4j.oversight.agent.ModelAgent;
import org.alignment4j.oversight.debate.Consultancy;
import org.alignment4j.oversight.debate.Debate;

/** Roles of debates and consultancies, and of what makes their turns and verdicts. */
final class DebateRoles {
  private DebateRoles() {}

  private static View asked(String role) {
    return new View(
        role, 0, "Argue.", QUESTION.text(), QUESTION.options(), QUESTION.material(), List.of());
  }

  static Stream<Role> debates() {
    return Stream.of(
        role(
            "debater",
            "It was Ada.",
            List.of("It was Ada."),
            person ->
                said(
                    Debate.between(person, OTHER)
                        .judgedBy(FIRST)
                        .rounds(1)
                        .build()
                        .run(QUESTION, CONTEXT)
                        .transcript()
                        .turns(),
                    Debate.FIRST)),
        role(
            "judge of a debate",
            "b 80",
            List.of(new Verdict.Decided("Ben", 0.8, "", Usage.NONE)),
            person ->
                Debate.between(OTHER, OTHER)
                    .judgedBy(person)
                    .rounds(1)
                    .build()
                    .run(QUESTION, CONTEXT)
                    .verdict()
                    .verdicts()),
        role(
            "judge who asks",
            "Why?",
            List.of("Why?"),
            person ->
                said(
                    Debate.between(OTHER, OTHER)
                        .judgedBy(FIRST)
                        .interactive(person)
                        .rounds(2)
                        .build()
                        .run(QUESTION, CONTEXT)
                        .transcript()
                        .turns(),
                    Debate.JUDGE)),
        role(
            "consultant",
            "It was Ada.",
            List.of("It was Ada."),
            person ->
                said(
                    Consultancy.of(person, FIRST, 0)
                        .withRounds(1)
                        .run(QUESTION, CONTEXT)
                        .transcript()
                        .turns(),
                    Consultancy.CONSULTANT)),
        role(
            "written judge",
            "I think it was [[B]].",
            "Ben",
            person ->
                choice(
                    ModelJudge.of(JudgeModel.of(person.asModel())).judge(asked("Judge"), CONTEXT))),
        role(
            "judge by probabilities",
            "B",
            "Ben",
            person ->
                choice(
                    ModelJudge.of(SoftJudgeModel.of(person.asChoiceModel()))
                        .judge(asked("Judge"), CONTEXT))),
        role(
            "drafter of the best of two",
            "It was Ada.",
            "It was Ada.",
            person ->
                new BestOfN(
                        ModelAgent.of(person.asModel()), 2, JudgeRater.of(FIRST, "Judge.", 0, ""))
                    .act(asked("Debater A"), CONTEXT)
                    .visible()),
        new Role(
            "rater of drafts",
            asked -> asked.contains("weak draft") ? "A 20" : "A 90",
            person ->
                new BestOfN(
                        (view, count, context) ->
                            List.of(
                                saying("weak draft").act(view, context),
                                saying("strong one").act(view, context)),
                        2,
                        JudgeRater.of(person, "Judge.", 0, ""))
                    .act(asked("Debater A"), CONTEXT)
                    .visible(),
            "strong one"),
        new Role(
            "critic and refiner of turns",
            asked -> asked.contains("Say which") ? "Name the year." : "Ada, in 1900.",
            person ->
                new CritiqueRefined(
                        saying("It was Ada."),
                        ModelAgent.of(person.asModel()),
                        1,
                        (view, drafts, context) -> ratings(drafts),
                        ModelAgent.of(person.asModel()),
                        1,
                        (view, drafts, context) -> ratings(drafts),
                        new CritiqueRefined.CritiqueWording("Say which part fails.", "Better it."))
                    .act(asked("Debater A"), CONTEXT)
                    .visible(),
            "Ada, in 1900."));
  }

  private static DraftRater.Ratings ratings(List<Turn> drafts) {
    return new DraftRater.Ratings(
        drafts.stream().map(draft -> (double) draft.visible().length()).toList(), Usage.NONE);
  }
}
