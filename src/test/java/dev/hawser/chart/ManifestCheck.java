package dev.hawser.chart;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Ingress;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * What is wrong with a manifest, as far as that can be known without a cluster: fields that the API does not know, values of
 * another type, fields that are missing. Two independent models of the API are asked. One keeps unknown fields, and writes back
 * other types than it was given; the other, made from the API's own description, knows what is required.
 */
final class ManifestCheck {
	private static final ObjectMapper JSON = new ObjectMapper();

	private interface Required {
		void check(JsonElement manifest) throws IOException;
	}

	/** The two models of a kind. Custom resources have none of the second sort; for them there are {@link #PATHS}. */
	private record Kind(Class<?> model, Required required) {
	}

	private static final Required BY_PATH = manifest -> {
	};

	private static final Map<String, Kind> KINDS = Map.ofEntries(
			Map.entry("v1/ConfigMap", new Kind(ConfigMap.class, V1ConfigMap::validateJsonElement)),
			Map.entry("v1/Pod", new Kind(Pod.class, V1Pod::validateJsonElement)),
			Map.entry("v1/Service", new Kind(Service.class, V1Service::validateJsonElement)),
			Map.entry("v1/ServiceAccount", new Kind(ServiceAccount.class, V1ServiceAccount::validateJsonElement)),
			Map.entry("apps/v1/Deployment", new Kind(Deployment.class, V1Deployment::validateJsonElement)),
			Map.entry("apps/v1/StatefulSet", new Kind(StatefulSet.class, V1StatefulSet::validateJsonElement)),
			Map.entry("autoscaling/v2/HorizontalPodAutoscaler",
					new Kind(HorizontalPodAutoscaler.class, V2HorizontalPodAutoscaler::validateJsonElement)),
			Map.entry("networking.k8s.io/v1/Ingress", new Kind(Ingress.class, V1Ingress::validateJsonElement)),
			Map.entry("networking.k8s.io/v1/NetworkPolicy", new Kind(NetworkPolicy.class, V1NetworkPolicy::validateJsonElement)),
			Map.entry("policy/v1/PodDisruptionBudget",
					new Kind(PodDisruptionBudget.class, V1PodDisruptionBudget::validateJsonElement)),
			Map.entry("gateway.networking.k8s.io/v1/HTTPRoute", new Kind(HTTPRoute.class, BY_PATH)),
			Map.entry("monitoring.coreos.com/v1/PrometheusRule", new Kind(PrometheusRule.class, BY_PATH)),
			Map.entry("monitoring.coreos.com/v1/ServiceMonitor", new Kind(ServiceMonitor.class, BY_PATH)));

	/** What custom resources must have: of every {@code parent}, {@code child}. {@code *} stands for every element. */
	private static final Map<String, List<String>> PATHS = Map.of(
			"HTTPRoute", List.of("/spec", "/spec/parentRefs/*/name", "/spec/rules/*/backendRefs/*/name",
					"/spec/rules/*/backendRefs/*/port", "/spec/rules/*/matches/*/path/value"),
			"PrometheusRule", List.of("/spec", "/spec/groups/*/name", "/spec/groups/*/rules/*/expr"),
			"ServiceMonitor", List.of("/spec", "/spec/selector", "/spec/endpoints/*/port"));

	private ManifestCheck() {
	}

	/** One sentence for each fault; empty when there is none. */
	static List<String> faults(JsonNode manifest) {
		String type = manifest.path("apiVersion").asText() + "/" + manifest.path("kind").asText();
		Kind kind = KINDS.get(type);
		if (kind == null) {
			return List.of("No such kind: " + type);
		}
		List<String> faults = new ArrayList<>();
		if (manifest.at("/metadata/name").asText().isEmpty()) {
			faults.add("missing: metadata/name");
		}
		required(manifest, kind.required(), faults);
		for (String path : PATHS.getOrDefault(manifest.path("kind").asText(), List.of())) {
			missing(manifest, List.of(path.substring(1).split("/")), "", faults);
		}
		modelled(manifest, kind.model(), faults);
		return faults;
	}

	private static void required(JsonNode manifest, Required required, List<String> faults) {
		try {
			required.check(JsonParser.parseString(manifest.toString()));
		}
		catch (IllegalArgumentException | IOException e) {
			faults.add("refused: " + String.valueOf(e.getMessage()).replaceAll("(?s): \\{.*|JSON: .*", ""));
		}
	}

	private static void missing(JsonNode node, List<String> path, String at, List<String> faults) {
		if (path.isEmpty()) {
			return;
		}
		List<String> rest = path.subList(1, path.size());
		if (path.getFirst().equals("*")) {
			node.forEach(element -> missing(element, rest, at + "/*", faults));
		}
		else if (node.has(path.getFirst())) {
			missing(node.get(path.getFirst()), rest, at + "/" + path.getFirst(), faults);
		}
		else {
			faults.add("missing: " + at.replaceFirst("^/", "") + "/" + path.getFirst());
		}
	}

	private static void modelled(JsonNode manifest, Class<?> model, List<String> faults) {
		try {
			Object object = JSON.treeToValue(manifest, model);
			unknown(object, "", faults);
			changed(manifest, JSON.valueToTree(object), "", faults);
		}
		catch (JsonProcessingException e) {
			faults.add("mistyped: " + e.getOriginalMessage());
		}
	}

	/** Fields that the model does not have, and therefore keeps separately. */
	private static void unknown(Object object, String at, List<String> faults) {
		if (object instanceof Collection<?> elements) {
			int i = 0;
			for (Object element : elements) {
				unknown(element, at + "/" + i++, faults);
			}
		}
		else if (object instanceof Map<?, ?> map) {
			map.forEach((key, value) -> unknown(value, at + "/" + key, faults));
		}
		else if (object != null && object.getClass().getName().startsWith("io.fabric8.")) {
			for (Method getter : object.getClass().getMethods()) {
				boolean plain = getter.getParameterCount() == 0 && getter.getName().startsWith("get")
						&& getter.getDeclaringClass() != Object.class;
				if (plain && getter.getName().equals("getAdditionalProperties")) {
					((Map<?, ?>) value(object, getter)).keySet().forEach(field -> faults.add("unknown: " + at + "/" + field));
				}
				else if (plain) {
					unknown(value(object, getter), at + "/" + Character.toLowerCase(getter.getName().charAt(3))
							+ getter.getName().substring(4), faults);
				}
			}
		}
	}

	private static Object value(Object object, Method getter) {
		try {
			return getter.invoke(object);
		}
		catch (IllegalAccessException | InvocationTargetException e) {
			throw new IllegalStateException(getter.toString(), e);
		}
	}

	/** A model that expects a string and gets a number, or the reverse, writes the value back in the type that it expects. */
	private static void changed(JsonNode given, JsonNode back, String at, List<String> faults) {
		if (given.isObject() && back.isObject()) {
			given.properties()
					.forEach(field -> changed(field.getValue(), back.path(field.getKey()), at + "/" + field.getKey(), faults));
		}
		else if (given.isArray() && back.isArray()) {
			for (int i = 0; i < given.size(); i++) {
				changed(given.get(i), back.path(i), at + "/" + i, faults);
			}
		}
		else if (!same(given, back) && !(given.isEmpty() && given.isContainerNode())) {
			faults.add("mistyped: " + at + " is " + given + ", not " + back);
		}
	}

	private static boolean same(JsonNode given, JsonNode back) {
		return (given.isIntegralNumber() && back.isIntegralNumber()) ? given.asLong() == back.asLong() : given.equals(back);
	}
}
