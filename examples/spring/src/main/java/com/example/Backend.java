package com.example;

import java.util.List;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.UriUtils;

@SpringBootApplication
@RestController
public class Backend {
	record Client(Map<String, List<String>> query) {
	}

	@RequestMapping(path = "/hawser/validate", method = RequestMethod.OPTIONS)
	ResponseEntity<Void> check() {
		return ResponseEntity.ok().header("WebHook-Allowed-Origin", "*").build();
	}

	@PostMapping("/hawser/connect")
	ResponseEntity<?> connect(@RequestBody Client client) {
		List<String> names = client.query().getOrDefault("name", List.of());
		return names.isEmpty() ? ResponseEntity.status(HttpStatus.UNAUTHORIZED).body("Say your name: ?name=ann")
				: ResponseEntity.ok(Map.of("userId", names.get(0)));
	}

	@PostMapping("/hawser/connected")
	void connected(@RequestHeader("ce-userId") String user) {
		System.out.println(UriUtils.decode(user, "UTF-8") + " is here");
	}

	@PostMapping(path = "/hawser/message", produces = "text/plain")
	String message(@RequestHeader("ce-userId") String user, @RequestBody String text) {
		return UriUtils.decode(user, "UTF-8") + ": " + text;
	}

	@PostMapping("/hawser/disconnected")
	void disconnected(@RequestHeader("ce-userId") String user) {
		System.out.println(UriUtils.decode(user, "UTF-8") + " has left");
	}

	@GetMapping(path = "/", produces = "text/html")
	Resource page() {
		return new FileSystemResource("../chat.html");
	}

	public static void main(String... arguments) {
		SpringApplication.run(Backend.class, arguments);
	}
}
