package io.taskstorage.e2e.operator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.taskstorage.e2e.operator.Http.Request;

/** The ways to write the status of a node's state. Each writes its own name as agent version. */
enum Write {
  APPLY {
    @Override
    Request to(ObjectNode state) {
      ObjectNode applied = state.deepCopy();
      applied.putObject("metadata").put("name", state.at("/metadata/name").asText());
      return request(
          "PATCH", state, "?fieldManager=taskstorage-agent&force=true", Http.APPLY, write(applied));
    }
  },
  MERGE {
    @Override
    Request to(ObjectNode state) {
      return request("PATCH", state, "", Http.MERGE, write(state).retain("status"));
    }
  },
  JSON_PATCH {
    @Override
    Request to(ObjectNode state) {
      String value = write(state).path("status").toString();
      String body = "[{\"op\":\"add\",\"path\":\"/status\",\"value\":%s}]".formatted(value);
      return new Request("PATCH", AgentPods.path(state) + "/status", Http.JSON_PATCH, body);
    }
  },
  UPDATE {
    @Override
    Request to(ObjectNode state) {
      return request("PUT", state, "", Http.JSON, write(state));
    }
  };

  /** The request that writes the status of this stored object. */
  abstract Request to(ObjectNode state);

  /** The object with the status that is written. */
  ObjectNode write(ObjectNode state) {
    ObjectNode written = state.deepCopy();
    written.putObject("status").putObject("agent").put("version", name());
    return written;
  }

  private static Request request(
      String method, ObjectNode state, String query, String type, ObjectNode body) {
    return new Request(method, AgentPods.path(state) + "/status" + query, type, body.toString());
  }
}
