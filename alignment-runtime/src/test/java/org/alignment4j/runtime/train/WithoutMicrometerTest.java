package org.alignment4j.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The module in a program that does not have Micrometer, which is an optional dependency. */
class WithoutMicrometerTest {
  private static final String LIBRARY = "io/micrometer";
  private static final String SINK = MicrometerMetrics.class.getName();

  private static Path classes() throws URISyntaxException {
    return Path.of(
        MicrometerMetrics.class.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  private static List<String> names(Path classes) throws IOException {
    try (Stream<Path> files = Files.walk(classes)) {
      return files
          .map(file -> classes.relativize(file).toString())
          .filter(file -> file.endsWith(".class") && !file.endsWith("package-info.class"))
          .map(file -> file.substring(0, file.length() - 6).replace(File.separatorChar, '.'))
          .toList();
    }
  }

  private static URLClassLoader withoutMicrometer() throws IOException {
    List<URL> urls = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (!Path.of(entry).getFileName().toString().startsWith("micrometer-")) {
        urls.add(Path.of(entry).toUri().toURL());
      }
    }
    return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
  }

  @Test
  void onlyTheSinkNamesTheLibrary() throws Exception {
    Path classes = classes();
    List<String> using = new ArrayList<>();
    for (String name : names(classes)) {
      byte[] file = Files.readAllBytes(classes.resolve(name.replace('.', '/') + ".class"));
      if (new String(file, StandardCharsets.ISO_8859_1).contains(LIBRARY)) {
        using.add(name);
      }
    }
    assertThat(using).contains(SINK).allMatch(name -> name.startsWith(SINK));
  }

  @Test
  void everyOtherClassLoadsAndLinks() throws Exception {
    try (URLClassLoader loader = withoutMicrometer()) {
      assertThatThrownBy(() -> loader.loadClass("io.micrometer.core.instrument.MeterRegistry"))
          .isInstanceOf(ClassNotFoundException.class);
      int loaded = 0;
      for (String name : names(classes())) {
        if (!name.startsWith(SINK)) {
          // Signatures are resolved by this, where loading alone would leave them.
          Class<?> type = Class.forName(name, false, loader);
          assertThat(type.getDeclaredMethods()).isNotNull();
          assertThat(type.getDeclaredFields()).isNotNull();
          loaded++;
        }
      }
      assertThat(loaded).isGreaterThan(100);
      Class<?> sink = Class.forName(SINK, false, loader);
      assertThatThrownBy(sink::getDeclaredMethods).isInstanceOf(NoClassDefFoundError.class);
    }
  }
}
