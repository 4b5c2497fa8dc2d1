package org.alignment4j.examples.conformance;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Finds files and folders of reference cases, in order of their names. */
final class Folders {

  /** How far below the root models and tokenizers are looked for. */
  private static final int DEPTH = 5;

  private static final Set<String> PASSED_OVER = Set.of("target", "src", "node_modules");

  private Folders() {}

  /** The folders directly inside a folder. */
  static List<Path> folders(Path folder) throws IOException {
    return list(folder).stream().filter(Files::isDirectory).toList();
  }

  /** The files directly inside a folder whose names end like this. */
  static List<Path> files(Path folder, String ending) throws IOException {
    return list(folder).stream()
        .filter(Files::isRegularFile)
        .filter(p -> String.valueOf(p.getFileName()).endsWith(ending))
        .toList();
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(p -> !String.valueOf(p.getFileName()).startsWith("."))
          .sorted()
          .toList();
    }
  }

  /**
   * Folders that lie in a folder of the given name and hold one of the given files.
   *
   * @param roots where to look, a few levels deep
   */
  static List<Path> holding(List<Path> roots, String parent, Set<String> files) throws IOException {
    Set<Path> found = new TreeSet<>();
    for (Path root : roots) {
      Files.walkFileTree(
          root,
          Set.of(FileVisitOption.FOLLOW_LINKS),
          DEPTH,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes)
                throws IOException {
              String name = String.valueOf(dir.getFileName());
              if (!dir.equals(root)
                  && (PASSED_OVER.contains(name)
                      || (name.startsWith(".") && !name.equals("..") && !name.equals(".")))) {
                return FileVisitResult.SKIP_SUBTREE;
              }
              Path above = dir.getParent();
              if (above != null
                  && String.valueOf(above.getFileName()).equals(parent)
                  && files.stream().anyMatch(f -> Files.isRegularFile(dir.resolve(f)))) {
                found.add(dir.toRealPath());
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
              return FileVisitResult.CONTINUE;
            }
          });
    }
    return List.copyOf(found);
  }
}
