package io.taskstorage.controller.cluster;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ExceptionHandler;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.InputStream;
import java.util.function.Supplier;

/**
 * Reads answers of the API server, and says of one that is none that the request has failed.
 *
 * <p>JOSDK's informers stop for good where an answer cannot be read: to them it is an object of a
 * form that will never fit. Ours are read whatever they hold, {@link LenientTypes}; so what cannot
 * be read is half an answer, or somebody else's, of whom stands between, and the next one is right.
 */
final class AnswerSerialization extends KubernetesSerialization {
  private static final String NONE =
      "read answer: not what an API server says, or not all of it: look at what stands between here"
          + " and the API server";

  AnswerSerialization(ObjectMapper mapper) {
    super(mapper, true);
  }

  @Override
  public <T> T unmarshal(InputStream answer, TypeReference<T> type) {
    return read(() -> super.unmarshal(answer, type));
  }

  @Override
  public <T> T unmarshal(String answer, Class<T> type) {
    return read(() -> super.unmarshal(answer, type));
  }

  private static <T> T read(Supplier<T> answer) {
    try {
      return answer.get();
    } catch (RuntimeException e) {
      if (ExceptionHandler.isDeserializationException(e)) {
        // Without its cause, by which informers know it, and which may hold what was read.
        KubernetesClientException failed = new KubernetesClientException(NONE);
        failed.setStackTrace(e.getStackTrace());
        throw failed;
      }
      throw e;
    }
  }
}
