package org.alignment4j.oversight.human;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Agent;
import org.alignment4j.api.oversight.Judge;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.api.oversight.Verdict;
import org.alignment4j.api.oversight.View;
import org.alignment4j.api.reward.Comparison;
import org.alignment4j.api.reward.StepwiseSolution;
import org.alignment4j.core.data.Demonstration;
import org.alignment4j.core.judge.JudgeModel;
import org.alignment4j.core.judge.ModelJudge;
import org.alignment4j.core.judge.SoftJudgeModel;
import org.alignment4j.oversight.ChoiceQuestion;
import org.alignment4j.oversight.Respondent;
import org.alignment4j.oversight.ScriptedModel;
import org.alignment4j.oversight.agent.BestOfN;
import org.alignment4j.oversight.agent.CritiqueRefined;
import org.alignment4j.oversight.agent.DraftRater;
import org.alignment4j.oversight.agent.JudgeRater;
import org.alignment4j.oversight.agent.ModelAgent;
import org.alignment4j.oversight.consistency.ConsistencyCheck;
import org.alignment4j.oversight.consistency.ConsistencyProtocol;
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
import org.alignment4j.oversight.debate.Consultancy;
import org.alignment4j.oversight.debate.Debate;
import org.alignment4j.oversight.debate.DirectJudgement;
import org.alignment4j.oversight.decompose.DecompositionLimits;
import org.alignment4j.oversight.decompose.FactoredCognition;
import org.alignment4j.oversight.decompose.QuestionNode;
import org.alignment4j.oversight.decompose.SequentialDecomposition;
import org.alignment4j.oversight.decompose.Verification;
import org.alignment4j.oversight.forecast.Forecast;
import org.alignment4j.oversight.forecast.Forecaster;
import org.alignment4j.oversight.forecast.ModelForecaster;
import org.alignment4j.oversight.market.Claim;
import org.alignment4j.oversight.market.MarketMaking;
import org.alignment4j.oversight.market.MarketRules;
import org.alignment4j.oversight.process.StepLabelling;
import org.alignment4j.oversight.recursive.AidedEvaluation;
import org.alignment4j.oversight.recursive.Aids;
import org.alignment4j.oversight.sandwich.Participant;
import org.alignment4j.oversight.sandwich.Sandwich;
import org.alignment4j.oversight.sandwich.Session;
import org.alignment4j.oversight.selfalign.InstructionGeneration;
import org.alignment4j.oversight.selfalign.PrincipledAnswers;
import org.alignment4j.oversight.selfalign.QuestionType;
import org.alignment4j.oversight.selfalign.TopicGeneration;
import org.alignment4j.oversight.selfalign.TopicInstruction;
import org.alignment4j.oversight.society.AnswerForm;
import org.alignment4j.oversight.society.AnsweringAgent;
import org.alignment4j.oversight.society.CandidateList;
import org.alignment4j.oversight.society.ModelModerator;
import org.alignment4j.oversight.society.ModeratedDebate;
import org.alignment4j.oversight.society.ModeratedRoles;
import org.alignment4j.oversight.society.MultiAgentDebate;
import org.alignment4j.oversight.society.OpenQuestion;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every role of every protocol, played by a person at a console and by one who answers in files.
 */
class PeopleInEveryRoleTest {
  private static final OversightContext CONTEXT = OversightContext.of(4);
  private static final SamplingOptions SAMPLED = SamplingOptions.builder(50).temperature(1).build();
  private static final ChoiceQuestion QUESTION =
      ChoiceQuestion.of("q", "Who built the bridge?", List.of("Ada", "Ben"), 0, "Ada built it.");
  private static final OpenQuestion SUM = OpenQuestion.of("q", "What is 2 + 3?", "5");
  private static final Claim CLAIM = Claim.of("c", "The lamp is lit.", true);
  private static final Prompt REQUEST = Prompt.text("How do I open a door?");
  private static final Constitution CONSTITUTION =
      new Constitution(
          List.of(new Principle("kind", "Is it unkind?", "Make it kind.", "kindness")));
  private static final Comparison ANSWERS = new Comparison(REQUEST, "Gently.", "With a kick.");
  private static final Agent OTHER = saying("I hold [[4]] and Ben.");
  private static final Judge FIRST =
      (view, context) -> new Verdict.Decided(view.options().get(0), 0.6, "", Usage.NONE);
  private static final Forecaster HALF = (view, context) -> Forecast.of(0.5, Usage.NONE);
  private static final String OPEN =
      "{\"preference\": false, \"side\": \"neither\", \"reasons\": \"\", \"answer\": \"\"}";
  private static final String LONG =
      "Doors have a handle. You press the handle down and pull the door towards you, and when it"
          + " does not move you push it; some doors slide to one side, and a few turn round an"
          + " axle in their middle.";

  @TempDir Path folder;

  /** A role, what the person in it writes to what is read, and what must come of it. */
  private record Role(
      String name,
      UnaryOperator<String> rule,
      Function<HumanOverseer, Object> protocol,
      Object outcome) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Role role(
      String name, String reply, Object outcome, Function<HumanOverseer, Object> protocol) {
    return new Role(name, asked -> reply, protocol, outcome);
  }

  private static Agent saying(String text) {
    return (view, context) -> new Turn(view.role(), view.round(), text, "", true, 1, Usage.NONE);
  }

  private static Forecaster forecaster(HumanOverseer person) {
    return ModelForecaster.of(person.asModel()).withAnswers(1);
  }

  private static Object said(List<Turn> turns, String role) {
    return turns.stream()
        .filter(t -> t.role().equals(role) && t.valid())
        .map(Turn::visible)
        .toList();
  }

  private static MarketMaking market(Forecaster maker, Forecaster overseer) {
    return MarketMaking.of(
            maker, (view, count, context) -> List.of(OTHER.act(view, context)), overseer)
        .withRules(MarketRules.DEFAULT.withDraws(1).withMaxRounds(1));
  }

  private static Object moderated(Function<ModeratedRoles, ModeratedRoles> change) {
    ModeratedRoles usual =
        new ModeratedRoles(
            saying("[[4]]"),
            saying("[[6]]"),
            ModelModerator.of(ScriptedModel.saying(OPEN), AnswerForm.number()),
            saying("[[4]]\n[[6]]"),
            FIRST);
    return ModeratedDebate.of(change.apply(usual), AnswerForm.number())
        .withRounds(1)
        .run(SUM, CONTEXT)
        .verdict()
        .answer();
  }

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

  private static String choice(Verdict verdict) {
    return ((Verdict.Decided) verdict).choice();
  }

  static Stream<Role> forecasts() {
    return Stream.of(
        role(
            "forecaster",
            "35 %",
            0.35,
            person ->
                ConsistencyProtocol.of(forecaster(person))
                    .run(
                        new ConsistencyCheck.Negation("n", "n", "It rains.", "It is dry."), CONTEXT)
                    .verdict()
                    .forecasts()
                    .get(0)
                    .value()
                    .orElseThrow()),
        role(
            "market maker",
            "[[0.7]]",
            List.of(0.7, 0.7),
            person -> market(forecaster(person), HALF).run(CLAIM, CONTEXT).verdict().prices()),
        role(
            "overseer of a market",
            "0.9",
            0.9,
            person ->
                market(HALF, forecaster(person))
                    .run(CLAIM, CONTEXT)
                    .verdict()
                    .belief()
                    .orElseThrow()),
        role(
            "adversary of a market",
            "The lamp hums.",
            List.of("The lamp hums."),
            person ->
                said(
                    MarketMaking.of(HALF, ModelAgent.of(person.asModel()), HALF)
                        .withRules(MarketRules.DEFAULT.withDraws(1).withMaxRounds(1))
                        .run(CLAIM, CONTEXT)
                        .transcript()
                        .turns(),
                    MarketMaking.ADVERSARY)));
  }

  static Stream<Role> societies() {
    return Stream.of(
        role(
            "member of a society",
            "2 + 3 is [[5]]",
            Optional.of("5"),
            person ->
                MultiAgentDebate.of(
                        List.of(AnsweringAgent.of(person.asModel(), AnswerForm.number())),
                        2,
                        AnswerForm.number())
                    .run(SUM, CONTEXT)
                    .verdict()
                    .answer()),
        role(
            "moderator",
            OPEN.replace("false", "true").replace("\"answer\": \"\"", "\"answer\": \"5\""),
            Optional.of("5"),
            person ->
                moderated(
                    roles ->
                        new ModeratedRoles(
                            roles.affirmative(),
                            roles.negative(),
                            ModelModerator.of(person.asModel(), AnswerForm.number()),
                            roles.lister(),
                            roles.judge()))),
        role(
            "side of a moderated debate",
            "It is [[5]]",
            Optional.of("5"),
            person ->
                moderated(
                    roles ->
                        new ModeratedRoles(
                            AnsweringAgent.of(person.asModel(), AnswerForm.number()),
                            roles.negative(),
                            roles.moderator(),
                            saying("[[5]]"),
                            roles.judge()))),
        role(
            "lister of answers",
            "[[6]]",
            Optional.of("6"),
            person ->
                moderated(
                    roles ->
                        new ModeratedRoles(
                            roles.affirmative(),
                            roles.negative(),
                            roles.moderator(),
                            ModelAgent.of(person.asModel())
                                .withForm(new CandidateList(AnswerForm.number())),
                            roles.judge()))),
        role(
            "judge of a moderated debate",
            "B 70",
            Optional.of("6"),
            person ->
                moderated(
                    roles ->
                        new ModeratedRoles(
                            roles.affirmative(),
                            roles.negative(),
                            roles.moderator(),
                            roles.lister(),
                            person))));
  }

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

  static Stream<Role> all() {
    return Stream.of(
            debates(),
            forecasts(),
            societies(),
            constitutions(),
            selfAlignment(),
            decompositions(),
            evaluations())
        .flatMap(roles -> roles);
  }

  @ParameterizedTest
  @MethodSource("all")
  void console(Role role) {
    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    Object outcome = role.protocol().apply(ScriptedPeople.typing(role.rule(), shown));
    assertThat(outcome).isEqualTo(role.outcome());
    assertThat(shown.size()).isPositive();
  }

  @ParameterizedTest
  @MethodSource("all")
  void files(Role role) {
    assertThat(ScriptedPeople.byFiles(folder, role.rule(), role.protocol()))
        .isEqualTo(role.outcome());
    assertThat(folder.resolve(FileOverseer.REQUESTS)).isNotEmptyFile();
  }
}
