package org.alignment4j.oversight.human;

import static org.alignment4j.oversight.human.Role.CONTEXT;
import static org.alignment4j.oversight.human.Role.FIRST;
import static org.alignment4j.oversight.human.Role.OTHER;
import static org.alignment4j.oversight.human.Role.role;
import static org.alignment4j.oversight.human.Role.said;
import static org.alignment4j.oversight.human.Role.saying;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.alignment4j.api.model.Usage;
import org.alignment4j.oversight.ScriptedModel;
import org.alignment4j.oversight.agent.ModelAgent;
import org.alignment4j.oversight.consistency.ConsistencyCheck;
import org.alignment4j.oversight.consistency.ConsistencyProtocol;
import org.alignment4j.oversight.forecast.Forecast;
import org.alignment4j.oversight.forecast.Forecaster;
import org.alignment4j.oversight.forecast.ModelForecaster;
import org.alignment4j.oversight.market.Claim;
import org.alignment4j.oversight.market.MarketMaking;
import org.alignment4j.oversight.market.MarketRules;
import org.alignment4j.oversight.society.AnswerForm;
import org.alignment4j.oversight.society.AnsweringAgent;
import org.alignment4j.oversight.society.CandidateList;
import org.alignment4j.oversight.society.ModelModerator;
import org.alignment4j.oversight.society.ModeratedDebate;
import org.alignment4j.oversight.society.ModeratedRoles;
import org.alignment4j.oversight.society.MultiAgentDebate;
import org.alignment4j.oversight.society.OpenQuestion;

/** Roles of markets, consistency checks, societies and moderated debates. */
final class GroupRoles {
  private static final OpenQuestion SUM = OpenQuestion.of("q", "What is 2 + 3?", "5");
  private static final Claim CLAIM = Claim.of("c", "The lamp is lit.", true);
  private static final Forecaster HALF = (view, context) -> Forecast.of(0.5, Usage.NONE);
  private static final String OPEN =
      "{\"preference\": false, \"side\": \"neither\", \"reasons\": \"\", \"answer\": \"\"}";

  private GroupRoles() {}

  private static Forecaster forecaster(HumanOverseer person) {
    return ModelForecaster.of(person.asModel()).withAnswers(1);
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
}
