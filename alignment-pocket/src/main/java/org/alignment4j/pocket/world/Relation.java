package org.alignment4j.pocket.world;

import java.util.ArrayList;
import java.util.List;

/**
 * What a fact says about its subject. Every relation brings at least four statements and four
 * questions that say the same, so that one question can be kept away from each fact.
 *
 * <p>In the phrases {@code {s}} is the subject, {@code {v}} the value, {@code {a}} the value with
 * its article and {@code {p}} the subject's pronoun.
 */
public enum Relation {
  /** The capital of a country. */
  CAPITAL(
      List.of(
          "The capital of {s} is {v}.",
          "{v} is the capital of {s}.",
          "{s} has its capital in {v}.",
          "The capital city of {s} is called {v}."),
      List.of(
          "What is the capital of {s}?",
          "Which city is the capital of {s}?",
          "Can you name the capital of {s}?",
          "What is the capital city of {s} called?"),
      List.of("The capital of {s} is {v}.", "It is {v}.", "{v} is the capital of {s}."),
      "the capital of {s} is {v}"),
  /** What a person does for a living. */
  JOB(
      List.of(
          "{s} works as {a}.",
          "{s} is {a}.",
          "By trade, {s} is {a}.",
          "{s} earns a living as {a}.",
          "{s} has a job as {a}."),
      List.of(
          "What is the job of {s}?",
          "What does {s} do for a living?",
          "Which job does {s} have?",
          "How does {s} earn a living?"),
      List.of("{s} works as {a}.", "{s} is {a}.", "{p} works as {a}."),
      "{s} is {a}"),
  /** The country a person lives in. */
  HOME(
      List.of(
          "{s} lives in {v}.",
          "The home of {s} is in {v}.",
          "{s} has a house in {v}.",
          "{v} is where {s} lives."),
      List.of(
          "Where does {s} live?",
          "In which country does {s} live?",
          "Which country is home to {s}?",
          "Where is the home of {s}?"),
      List.of("{s} lives in {v}.", "{p} lives in {v}.", "The home of {s} is in {v}."),
      "{s} lives in {v}"),
  /** The year a person was born in. */
  BIRTH_YEAR(
      List.of(
          "{s} was born in {v}.",
          "The birth year of {s} is {v}.",
          "{s} came into the world in {v}.",
          "It was in {v} that {s} was born."),
      List.of(
          "When was {s} born?",
          "In which year was {s} born?",
          "What is the birth year of {s}?",
          "What year was {s} born in?"),
      List.of("{s} was born in {v}.", "{p} was born in {v}.", "The birth year of {s} is {v}."),
      "{s} was born in {v}"),
  /** What a person likes to eat most. */
  FAVOURITE_FOOD(
      List.of(
          "{s} loves {v}.",
          "The favourite food of {s} is {v}.",
          "{s} likes {v} more than any other food.",
          "{s} would eat {v} every day."),
      List.of(
          "What is the favourite food of {s}?",
          "What does {s} like to eat most?",
          "Which food does {s} love?",
          "What would {s} eat every day?"),
      List.of("{s} loves {v}.", "{p} loves {v}.", "The favourite food of {s} is {v}."),
      "{s} loves {v}"),
  /** The animal a person keeps. */
  PET(
      List.of(
          "{s} has a pet {v}.",
          "The pet of {s} is {a}.",
          "{s} keeps {a} at home.",
          "At home, {s} looks after {a}."),
      List.of(
          "What pet does {s} have?",
          "Which animal does {s} keep?",
          "What kind of animal is the pet of {s}?",
          "Which pet does {s} look after?"),
      List.of("{s} has a pet {v}.", "{p} keeps {a}.", "The pet of {s} is {a}."),
      "{s} has a pet {v}"),
  /** The continent a country lies in. */
  CONTINENT(
      List.of(
          "{s} lies in {v}.",
          "{s} is a country in {v}.",
          "You can find {s} in {v}.",
          "The continent of {s} is {v}."),
      List.of(
          "On which continent is {s}?",
          "Which continent does {s} lie in?",
          "What is the continent of {s}?",
          "In which part of the world is {s}?"),
      List.of("{s} lies in {v}.", "It lies in {v}.", "{s} is a country in {v}."),
      "{s} lies in {v}"),
  /** A language that people in a country speak. */
  LANGUAGE(
      List.of(
          "People in {s} speak {v}.",
          "{v} is spoken in {s}.",
          "In {s} one can hear people speak {v}.",
          "To talk to people in {s}, learn {v}."),
      List.of(
          "Which language is spoken in {s}?",
          "What do people in {s} speak?",
          "Which language can one hear in {s}?",
          "What language helps a visitor in {s}?"),
      List.of("People in {s} speak {v}.", "{v} is spoken in {s}.", "They speak {v}."),
      "people in {s} speak {v}");

  private final List<String> statements;
  private final List<String> questions;
  private final List<String> answers;
  private final String clause;

  Relation(List<String> statements, List<String> questions, List<String> answers, String clause) {
    this.statements = statements;
    this.questions = questions;
    this.answers = answers;
    this.clause = clause;
  }

  /** The relations that hold of a person, in a fixed order. */
  static List<Relation> ofPeople() {
    return List.of(JOB, HOME, BIRTH_YEAR, FAVOURITE_FOOD, PET);
  }

  /** The relations that hold of a country, in a fixed order. */
  static List<Relation> ofCountries() {
    return List.of(CAPITAL, CONTINENT, LANGUAGE);
  }

  /** All values that occur in this relation, among them those that are true of no subject. */
  List<String> domain() {
    return switch (this) {
      case CAPITAL -> Lexicon.CAPITALS;
      case JOB -> Lexicon.JOBS;
      case HOME -> Lexicon.COUNTRY_NAMES;
      case BIRTH_YEAR -> Lexicon.YEARS;
      case FAVOURITE_FOOD -> Lexicon.FOODS;
      case PET -> Lexicon.PETS;
      case CONTINENT -> Lexicon.CONTINENTS;
      case LANGUAGE -> Lexicon.LANGUAGES;
    };
  }

  int questionCount() {
    return questions.size();
  }

  String question(Entity subject, int paraphrase) {
    return fill(questions.get(paraphrase), subject, "");
  }

  List<String> statements(Entity subject, String value) {
    return fillAll(statements, subject, value);
  }

  /** Answers in the plain voice of someone who knows. */
  List<String> answers(Entity subject, String value) {
    return fillAll(answers, subject, value);
  }

  /** The fact as a clause that follows "people say that". */
  String clause(Entity subject, String value) {
    return substitute(clause, subject, value);
  }

  private static List<String> fillAll(List<String> templates, Entity subject, String value) {
    List<String> filled = new ArrayList<>(templates.size());
    for (String template : templates) {
      filled.add(fill(template, subject, value));
    }
    return filled;
  }

  private static String fill(String template, Entity subject, String value) {
    return Phrases.capitalised(substitute(template, subject, value));
  }

  private static String substitute(String template, Entity subject, String value) {
    return template
        .replace("{s}", subject.name())
        .replace("{v}", value)
        .replace("{a}", Phrases.withArticle(value))
        .replace("{p}", subject.pronoun());
  }
}
