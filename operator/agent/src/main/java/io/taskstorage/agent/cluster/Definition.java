package io.taskstorage.agent.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.taskstorage.api.v1alpha1.ApiGroup;
import java.io.IOException;
import java.io.InputStream;

/**
 * The definition of one of our kinds, as the server has it at a moment. When it is deleted, the
 * server first marks it and then deletes every object of the kind, which says nothing about what
 * anybody wants of these objects.
 *
 * @param uid of the definition; another one = it was removed and put back. Empty: nobody may ask
 * @param stands it is there and not about to go
 */
record Definition(String uid, boolean stands) {
  /** May not be asked for: then what the server says of objects is all there is. */
  private static final Definition HIDDEN = new Definition("", true);

  private static final String PATH = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/";
  private static final String METADATA =
      "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";

  /** Asks the server. Whatever it did to objects of the kind before it answers is older. */
  static Definition ask(ApiConnection connection, Resource resource)
      throws ApiFailure, IOException, InterruptedException {
    try (InputStream body = connection.get(PATH + resource + "." + ApiGroup.NAME, METADATA)) {
      JsonNode metadata = Pruning.MAPPER.readTree(body).path("metadata");
      return new Definition(
          metadata.path("uid").asText(""), !metadata.hasNonNull("deletionTimestamp"));
    } catch (ApiFailure e) {
      return switch (e.code()) {
        case 404 -> new Definition("", false);
        case 403 -> HIDDEN;
        default -> throw e;
      };
    }
  }
}
