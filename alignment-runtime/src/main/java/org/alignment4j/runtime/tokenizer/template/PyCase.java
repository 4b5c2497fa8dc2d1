package org.alignment4j.runtime.tokenizer.template;

import java.util.Locale;

/** Upper, lower and title case as Python's {@code str} defines them. */
final class PyCase {

  private PyCase() {}

  static String upper(String text) {
    return text.toUpperCase(Locale.ROOT);
  }

  static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  static String casefold(String text) {
    return lower(text).replace("ß", "ss").replace('ς', 'σ');
  }

  static String capitalize(String text) {
    if (text.isEmpty()) {
      return text;
    }
    int first = Character.charCount(text.codePointAt(0));
    return titleCase(text.substring(0, first)) + lower(text.substring(first));
  }

  private static String titleCase(String character) {
    int c = character.codePointAt(0);
    String upper = upper(character);
    int title = Character.toTitleCase(c);
    if (upper.codePointCount(0, upper.length()) == 1) {
      return Character.toString(title);
    }
    int first = Character.charCount(upper.codePointAt(0));
    return title == c
        ? upper.substring(0, first) + lower(upper.substring(first))
        : Character.toString(title);
  }

  private static boolean isCased(int c) {
    return Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
  }

  static String title(String text) {
    StringBuilder out = new StringBuilder(text.length());
    boolean afterCased = false;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      String character = Character.toString(c);
      out.append(afterCased ? lower(character) : titleCase(character));
      afterCased = isCased(c);
      i += Character.charCount(c);
    }
    return out.toString();
  }

  static String swapcase(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              String character = Character.toString(c);
              out.append(
                  Character.isUpperCase(c)
                      ? lower(character)
                      : Character.isLowerCase(c) ? upper(character) : character);
            });
    return out.toString();
  }

  static boolean isNumeric(int c) {
    int type = Character.getType(c);
    return type == Character.DECIMAL_DIGIT_NUMBER
        || type == Character.LETTER_NUMBER
        || type == Character.OTHER_NUMBER;
  }

  static boolean isUpper(String text) {
    return text.codePoints().anyMatch(Character::isUpperCase)
        && text.codePoints().noneMatch(c -> Character.isLowerCase(c) || Character.isTitleCase(c));
  }

  static boolean isLower(String text) {
    return text.codePoints().anyMatch(Character::isLowerCase)
        && text.codePoints().noneMatch(c -> Character.isUpperCase(c) || Character.isTitleCase(c));
  }

  static boolean isTitle(String text) {
    return text.codePoints().anyMatch(PyCase::isCased) && title(text).equals(text);
  }
}
