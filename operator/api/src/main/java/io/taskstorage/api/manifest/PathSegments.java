package io.taskstorage.api.manifest;

import java.util.ArrayList;
import java.util.List;

/** Splits a spec path into its segments: {@code a.b[c.d].e} is a, b, c.d, e. */
final class PathSegments {
  private PathSegments() {}

  static List<String> of(String path) {
    List<String> segments = new ArrayList<>();
    int at = 0;
    while (at < path.length()) {
      int end;
      if (path.charAt(at) == '[') {
        int close = path.indexOf(']', at);
        end = close < 0 ? path.length() : close;
        segments.add(path.substring(at + 1, end));
        end = Math.min(end + 1, path.length());
      } else {
        end = at;
        while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') {
          end++;
        }
        if (end > at) {
          segments.add(path.substring(at, end));
        }
      }
      at = end < path.length() && path.charAt(end) == '.' ? end + 1 : end;
    }
    return List.copyOf(segments);
  }
}
