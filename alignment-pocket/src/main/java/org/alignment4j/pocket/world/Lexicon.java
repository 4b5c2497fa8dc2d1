package org.alignment4j.pocket.world;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
          Marsh Mercer Moore Moss Nash Nolan North Norton Page Parks Pike Poole Porter Quinn Reed
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

  /** Home cities. None of them is a capital. */
  static final List<String> CITIES =
      lines(
          """
          Milan, Lyon, Porto, Boston, Chicago, Glasgow, Hamburg, Munich, Seville, Venice, Naples,
          Geneva, Krakow, Bergen, Antwerp, Osaka, Mumbai, Sydney, Toronto, Dallas, Denver, Seattle,
          Marseille, Liverpool, Leeds, Bristol, Turin, Basel, Salzburg, Gdansk
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

  static final Map<String, String> CAPITALS = capitals();

  static String capitalOf(String country) {
    String capital = CAPITALS.get(country);
    if (capital == null) {
      throw new IllegalArgumentException("no capital is known of " + country);
    }
    return capital;
  }

  static String pronounOf(String firstName) {
    return WOMEN.contains(firstName) ? "she" : "he";
  }

  private static Map<String, String> capitals() {
    Map<String, String> capitals = new LinkedHashMap<>();
    for (String pair :
        lines(
            """
            France:Paris, Spain:Madrid, Portugal:Lisbon, Italy:Rome, Germany:Berlin,
            Austria:Vienna, Poland:Warsaw, Hungary:Budapest, Greece:Athens, Norway:Oslo,
            Sweden:Stockholm, Finland:Helsinki, Denmark:Copenhagen, Ireland:Dublin,
            Iceland:Reykjavik, Latvia:Riga, Estonia:Tallinn, Belgium:Brussels, Croatia:Zagreb,
            Serbia:Belgrade, Romania:Bucharest, Bulgaria:Sofia, Ukraine:Kyiv, Turkey:Ankara,
            Egypt:Cairo, Kenya:Nairobi, Ghana:Accra, Morocco:Rabat, Tunisia:Tunis, Peru:Lima,
            Chile:Santiago, Cuba:Havana, Canada:Ottawa, Japan:Tokyo, China:Beijing,
            India:New Delhi, Thailand:Bangkok, Vietnam:Hanoi, Nepal:Kathmandu, Australia:Canberra,
            Iran:Tehran, Iraq:Baghdad, Lebanon:Beirut, Qatar:Doha, Cyprus:Nicosia, Malta:Valletta,
            Argentina:Buenos Aires, Uruguay:Montevideo, Ecuador:Quito, Colombia:Bogota,
            Venezuela:Caracas, Senegal:Dakar, Armenia:Yerevan, Jamaica:Kingston, Lithuania:Vilnius,
            Slovenia:Ljubljana, Slovakia:Bratislava, Syria:Damascus, Libya:Tripoli, Angola:Luanda
            """)) {
      int colon = pair.indexOf(':');
      capitals.put(pair.substring(0, colon), pair.substring(colon + 1));
    }
    return Collections.unmodifiableMap(capitals);
  }

  private static List<String> words(String block) {
    return List.of(block.strip().split("\\s+"));
  }

  private static List<String> lines(String block) {
    return List.of(block.strip().split("\\s*,\\s*"));
  }
}
