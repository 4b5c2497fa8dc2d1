package org.alignment4j.eval.declared;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.alignment4j.core.data.Row;

/** The texts of a template, which use every field that is declared, and no other. */
record TemplateTexts(
    Set<String> fields,
    Set<String> optional,
    FieldText instruction,
    FieldText prompt,
    TextList choices,
    TextList labels,
    TextList target,
    FieldText demonstration,
    FieldText id,
    FieldText group,
    FieldText cluster) {

  static TemplateTexts of(Row root) {
    Set<String> optional = new LinkedHashSet<>();
    Set<String> fields = fields(root, optional);
    TemplateTexts texts =
        new TemplateTexts(
            fields,
            optional,
            DeclarationFile.text(root, "instruction", "", fields),
            FieldText.parse(root, "prompt", root.text("prompt"), fields),
            TextList.parse(root, "choices", fields),
            TextList.parse(root, "labels", fields),
            TextList.parse(root, "target", fields),
            DeclarationFile.text(root, "demonstration", "", fields),
            DeclarationFile.text(root, "id", "", fields),
            DeclarationFile.text(root, "group", "", fields),
            DeclarationFile.text(root, "cluster", "", fields));
    texts.requireConsistent(root);
    return texts;
  }

  private static Set<String> fields(Row root, Set<String> optional) {
    Set<String> fields = new LinkedHashSet<>();
    for (String declared : root.strings("fields")) {
      boolean mayMiss = declared.endsWith("?");
      String field = mayMiss ? declared.substring(0, declared.length() - 1) : declared;
      if (!FieldText.NAME.matcher(field).matches()) {
        throw root.fault(
            "fields",
            "a field's name must be letters, digits, '_', '.', '-' and blanks, with a '?' at the"
                + " end where it may be missing, but was '"
                + declared
                + "'");
      }
      if (!fields.add(field)) {
        throw root.fault("fields", "a field must be named once but '" + field + "' occurs twice");
      }
      if (mayMiss) {
        optional.add(field);
      }
    }
    return fields;
  }

  private void requireConsistent(Row root) {
    Set<String> unused = new LinkedHashSet<>(fields);
    for (FieldText text : List.of(instruction, prompt, demonstration, id, group, cluster)) {
      unused.removeAll(text.names());
    }
    for (TextList texts : List.of(choices, labels, target)) {
      unused.removeAll(texts.names());
    }
    if (!unused.isEmpty()) {
      throw root.fault(
          "fields", "every field must be used but " + unused + " are not; leave them out");
    }
    if (target.isEmpty()) {
      throw root.fault("target", "the right answer is required but is missing; name its field");
    }
    if (choices.isEmpty() && !labels.isEmpty()) {
      throw root.fault("labels", "labels are those of choices but there are no 'choices'");
    }
    if (instruction.names().stream().anyMatch(prompt.names()::contains)) {
      throw root.fault(
          "instruction",
          "the instruction stands once before all examples, so that it must not name fields of the"
              + " prompt, but has "
              + instruction.names());
    }
  }
}
