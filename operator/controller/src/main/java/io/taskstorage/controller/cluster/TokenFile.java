package io.taskstorage.controller.cluster;

import io.fabric8.kubernetes.client.OAuthTokenProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A token that somebody renews in a file. Read again after a while, so that a renewed one is used
 * long before the old one expires. Any thread may ask.
 */
final class TokenFile implements OAuthTokenProvider {

  private static final Logger LOG = LoggerFactory.getLogger(TokenFile.class);
  private static final long MAX_AGE_NANOS = 10_000_000_000L;

  private final Path file;
  private String token = "";
  private long readAt;

  TokenFile(Path file) {
    this.file = file;
  }

  @Override
  public synchronized String getToken() {
    if (token.isEmpty() || System.nanoTime() - readAt > MAX_AGE_NANOS) {
      readAt = System.nanoTime();
      try {
        token = Files.readString(file).strip();
      } catch (IOException e) {
        // The one that is known may still be good, and the server says when it is not.
        LOG.atWarn().setCause(e).log("token file cannot be read");
      }
    }
    return token;
  }
}
