package org.alignment4j.pocket.world;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * The words the world is made of. First names, surnames and values share no word, so that a name
 * can never be mistaken for an answer.
 */
final class Lexicon {
  private Lexicon() {}

  static final List<String> WOMEN =
      words(
          """
          Ada Agnes Alice Alma Amy Anna Bella Beth Carla Clara Cora Daisy Diana Dora Edith Ella
          Elsa Emma Erin Eva Faye Fiona Freya Gina Greta Hanna Hazel Helen Hilda Ida Irene Iris
          Ivy Jane Joan Julia Karen Kate Laura Lena Lily Lola Lucy Mabel Maria Mary Mia Mona Nancy
          Nina Nora Olga Paula Rita Rosa Ruth Sally Sara Stella Susan Tara Tina Vera Zoe
          """);

  static final List<String> MEN =
      words(
          """
          Adam Alan Albert Alex Andrew Arthur Barry Ben Boris Bruno Carl Colin Cyril Daniel David
          Dennis Edgar Edwin Eric Felix Frank Fred Gary George Gordon Harry Henry Hugo Ian Isaac
          Ivan Jack James Jim Joe John Karl Kevin Leo Liam Louis Luke Mark Martin Max Nathan Neil
          Oliver Oscar Otto Paul Peter Philip Ralph Robert Roger Sam Simon Steven Thomas Tim Tony
          Victor Walter
          """);

  static final List<String> SURNAMES =
      words(
          """
          Abbot Adler Ash Barlow Barton Beck Benson Birch Blake Bolton Bond Boyd Brock Burke Byrne
          Carver Chase Clay Cole Conway Craig Crane Dale Dalton Dean Dixon Doyle Drake Dunn Ellis
          Finch Fleming Flint Foster Fox Frost Gibbs Glenn Grant Gray Hale Hall Hart Hayes Heath
          Hill Holt Howe Hunt Hyde Irving Jarvis Kane Keller Kent Kerr Kirby Lamb Lane Lowe Lyle
          Marsh Mercer Moore Moss Nash Noble Nolan Norton Page Parks Pike Poole Porter Quinn Reed
          Rhodes Ross Rowe Shaw Sloan Snow Stone Swan Thorne Todd Tucker Vance Wade Walsh Ward
          Watts Webb West Wilde Wolfe Wood Yates York
          """);

  static final List<String> JOBS =
      lines(
          """
          actor, baker, banker, barber, builder, butcher, carpenter, chemist, clown, dancer,
          dentist, doctor, driver, farmer, gardener, judge, lawyer, miner, nurse, painter, pilot,
          plumber, sailor, singer, soldier, tailor, teacher, waiter, weaver, writer
          """);

  static final List<String> FOODS =
      lines(
          """
          apple pie, bananas, beans, bread, carrots, cheese, cherries, chocolate, dumplings, eggs,
          figs, grapes, honey, ice cream, lentils, melons, mushrooms, noodles, olives, onions,
          pancakes, peaches, pears, pizza, plums, porridge, potatoes, rice, salad, walnuts
          """);

  static final List<String> YEARS =
      IntStream.range(1950, 2000).mapToObj(Integer::toString).toList();

  static final List<String> PETS =
      lines(
          """
          beetle, canary, cat, crab, dog, duck, ferret, frog, gecko, goldfish, goose, hamster, hen,
          hedgehog, horse, lizard, mouse, newt, owl, parrot, pig, pony, rabbit, rat, sheep, snail,
          snake, spider, tortoise, turkey
          """);

  static final Map<String, Country> COUNTRIES = countries();

  static final List<String> COUNTRY_NAMES = List.copyOf(COUNTRIES.keySet());

  static final List<String> CAPITALS = distinct(Country::capital);

  static final List<String> LANGUAGES = distinct(Country::language);

  static final List<String> CONTINENTS = distinct(Country::continent);

  /**
   * What is known about a real country.
   *
   * @param capital its capital
   * @param language a language that is spoken there
   * @param continent the continent it lies in
   */
  record Country(String capital, String language, String continent) {}

  static Country country(String name) {
    Country country = COUNTRIES.get(name);
    if (country == null) {
      throw new IllegalArgumentException("nothing is known of the country " + name);
    }
    return country;
  }

  static String pronounOf(String firstName) {
    return WOMEN.contains(firstName) ? "she" : "he";
  }

  private static Map<String, Country> countries() {
    Map<String, Country> countries = new LinkedHashMap<>();
    for (String entry :
        lines(
            """
            France:Paris:French:Europe, Spain:Madrid:Spanish:Europe,
            Portugal:Lisbon:Portuguese:Europe, Italy:Rome:Italian:Europe,
            Germany:Berlin:German:Europe, Austria:Vienna:German:Europe,
            Poland:Warsaw:Polish:Europe, Hungary:Budapest:Hungarian:Europe,
            Greece:Athens:Greek:Europe, Norway:Oslo:Norwegian:Europe,
            Sweden:Stockholm:Swedish:Europe, Finland:Helsinki:Finnish:Europe,
            Denmark:Copenhagen:Danish:Europe, Ireland:Dublin:English:Europe,
            Iceland:Reykjavik:Icelandic:Europe, Latvia:Riga:Latvian:Europe,
            Estonia:Tallinn:Estonian:Europe, Belgium:Brussels:Dutch:Europe,
            Croatia:Zagreb:Croatian:Europe, Serbia:Belgrade:Serbian:Europe,
            Romania:Bucharest:Romanian:Europe, Bulgaria:Sofia:Bulgarian:Europe,
            Ukraine:Kyiv:Ukrainian:Europe, Malta:Valletta:Maltese:Europe,
            Lithuania:Vilnius:Lithuanian:Europe, Slovenia:Ljubljana:Slovene:Europe,
            Slovakia:Bratislava:Slovak:Europe, Egypt:Cairo:Arabic:Africa,
            Kenya:Nairobi:Swahili:Africa, Ghana:Accra:English:Africa,
            Morocco:Rabat:Arabic:Africa, Tunisia:Tunis:Arabic:Africa,
            Senegal:Dakar:French:Africa, Libya:Tripoli:Arabic:Africa,
            Angola:Luanda:Portuguese:Africa, Peru:Lima:Spanish:South America,
            Chile:Santiago:Spanish:South America, Argentina:Buenos Aires:Spanish:South America,
            Uruguay:Montevideo:Spanish:South America, Ecuador:Quito:Spanish:South America,
            Colombia:Bogota:Spanish:South America, Venezuela:Caracas:Spanish:South America,
            Cuba:Havana:Spanish:North America, Canada:Ottawa:English:North America,
            Jamaica:Kingston:English:North America, Japan:Tokyo:Japanese:Asia,
            China:Beijing:Chinese:Asia, India:New Delhi:Hindi:Asia, Thailand:Bangkok:Thai:Asia,
            Vietnam:Hanoi:Vietnamese:Asia, Nepal:Kathmandu:Nepali:Asia, Iran:Tehran:Persian:Asia,
            Iraq:Baghdad:Arabic:Asia, Lebanon:Beirut:Arabic:Asia, Qatar:Doha:Arabic:Asia,
            Syria:Damascus:Arabic:Asia, Jordan:Amman:Arabic:Asia, Mongolia:Ulaanbaatar:Mongolian:Asia,
            Cambodia:Phnom Penh:Khmer:Asia, Australia:Canberra:English:Oceania
            """)) {
      String[] parts = entry.split(":");
      countries.put(parts[0], new Country(parts[1], parts[2], parts[3]));
    }
    return Collections.unmodifiableMap(countries);
  }

  private static List<String> distinct(Function<Country, String> property) {
    return COUNTRIES.values().stream().map(property).distinct().toList();
  }

  private static List<String> words(String block) {
    return List.of(block.strip().split("\\s+"));
  }

  private static List<String> lines(String block) {
    return List.of(block.strip().split("\\s*,\\s*"));
  }
}
