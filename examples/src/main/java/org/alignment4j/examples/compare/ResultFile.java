package org.alignment4j.examples.compare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.core.files.AtomicFiles;

/**
 * The file of a finished method; there is none of one that is not.
 *
 * @param path where it is
 * @param settings under which it was made
 */
record ResultFile(Path path, Map<String, String> settings) {

  ResultFile {
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
  }

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Reads it.
   *
   * @return the result, or nothing when the method is not finished
   * @throws RunFolderException when it is damaged or was made with other settings
   */
  Optional<MethodResult> read() {
    if (!Files.exists(path)) {
      return Optional.empty();
    }
    MethodResult result;
    try {
      result = JSON.readValue(path.toFile(), MethodResult.class);
    } catch (IOException e) {
      throw new RunFolderException(
          "%s must be the result of a method but cannot be read (%s); delete it to train the method again"
              .formatted(path, e.getMessage()),
          e);
    }
    if (!result.format().equals(MethodResult.FORMAT) || result.version() != MethodResult.VERSION) {
      throw new RunFolderException(
          "%s must be of format %s version %s but is of %s version %s; choose another run folder"
              .formatted(
                  path,
                  MethodResult.FORMAT,
                  MethodResult.VERSION,
                  result.format(),
                  result.version()));
    }
    if (!result.settings().equals(settings)) {
      throw new RunFolderException(
          "%s must be made with the settings of this comparison but differs: %s; choose another run folder"
              .formatted(path, differences(result.settings())));
    }
    return Optional.of(result);
  }

  private String differences(Map<String, String> found) {
    Set<String> names = new LinkedHashSet<>(settings.keySet());
    names.addAll(found.keySet());
    return names.stream()
        .filter(name -> !Objects.equals(settings.get(name), found.get(name)))
        .map(
            name ->
                "%s must be '%s' but was '%s'"
                    .formatted(
                        name,
                        settings.getOrDefault(name, "not set"),
                        found.getOrDefault(name, "not set")))
        .collect(Collectors.joining(", "));
  }

  void write(MethodResult result) {
    try {
      AtomicFiles.write(path, JSON.writeValueAsBytes(result));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a result must have a JSON form", e);
    }
  }
}
