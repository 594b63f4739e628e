//! Where the processes of the suite listen: `.cpom/stack.json` of the local launcher, overridden by the
//! environment.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use serde::Deserialize;

/// One of the four services.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    Establishments,
    Contracts,
    Targets,
    Controls,
}

impl Service {
    pub const ALL: [Self; 4] = [
        Self::Establishments,
        Self::Contracts,
        Self::Targets,
        Self::Controls,
    ];

    /// The name people and files use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Establishments => "establishments",
            Self::Contracts => "contracts",
            Self::Targets => "targets",
            Self::Controls => "controls",
        }
    }

    /// The variable that overrides its address.
    pub fn variable(self) -> String {
        format!("CPOM_{}_URL", self.name().to_uppercase())
    }
}

/// The addresses that are known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Stack {
    establishments: Option<String>,
    contracts: Option<String>,
    targets: Option<String>,
    controls: Option<String>,
    issuer: Option<String>,
}

impl Stack {
    /// Reads the file of the nearest local stack at or above `folder`, then the environment.
    pub fn find(folder: &Path) -> Result<Self> {
        let from_file = match nearest_file(folder) {
            Some(path) => read(&path)?,
            None => Self::default(),
        };
        Ok(from_file.overridden(|variable| std::env::var(variable).ok()))
    }

    fn overridden(mut self, variable: impl Fn(&str) -> Option<String>) -> Self {
        let set = |slot: &mut Option<String>, name: &str| {
            if let Some(url) = variable(name).filter(|url| !url.is_empty()) {
                *slot = Some(url);
            }
        };
        set(
            &mut self.establishments,
            &Service::Establishments.variable(),
        );
        set(&mut self.contracts, &Service::Contracts.variable());
        set(&mut self.targets, &Service::Targets.variable());
        set(&mut self.controls, &Service::Controls.variable());
        set(&mut self.issuer, "CPOM_ISSUER_URL");
        self
    }

    /// The address of a service.
    pub fn url(&self, service: Service) -> Result<&str> {
        let url = match service {
            Service::Establishments => &self.establishments,
            Service::Contracts => &self.contracts,
            Service::Targets => &self.targets,
            Service::Controls => &self.controls,
        };
        url.as_deref().ok_or_else(|| {
            anyhow!(
                "the address of the {} service is not known: start a local stack with `cargo dev up` \
                 and run this command in its folder, or set {}",
                service.name(),
                service.variable()
            )
        })
    }

    /// The development token issuer, where there is one.
    pub fn issuer(&self) -> Option<&str> {
        self.issuer.as_deref()
    }
}

fn nearest_file(folder: &Path) -> Option<PathBuf> {
    folder
        .ancestors()
        .map(|folder| folder.join(".cpom/stack.json"))
        .find(|path| path.is_file())
}

fn read(path: &Path) -> Result<Stack> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("could not read {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is damaged", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_overrides_the_file_field_by_field() {
        let file: Stack = serde_json::from_str(
            r#"{"contracts":"http://127.0.0.1:1","targets":"http://127.0.0.1:2","admin":{"contracts":"x"}}"#,
        )
        .unwrap();
        let stack = file.overridden(|variable| {
            (variable == "CPOM_TARGETS_URL").then(|| "https://targets.example".to_owned())
        });
        assert_eq!(stack.url(Service::Contracts).unwrap(), "http://127.0.0.1:1");
        assert_eq!(
            stack.url(Service::Targets).unwrap(),
            "https://targets.example"
        );
        assert!(stack.issuer().is_none());
        let message = stack.url(Service::Controls).unwrap_err().to_string();
        assert!(
            message.contains("CPOM_CONTROLS_URL") && message.contains("cargo dev up"),
            "{message}"
        );
    }

    #[test]
    fn the_nearest_folder_above_is_the_one_that_counts() {
        let root = std::env::temp_dir().join(format!("cpom-stack-{}", kernel::new_id()));
        let below = root.join("a/b");
        std::fs::create_dir_all(root.join(".cpom")).unwrap();
        std::fs::create_dir_all(&below).unwrap();
        std::fs::write(
            root.join(".cpom/stack.json"),
            r#"{"issuer":"http://127.0.0.1:9"}"#,
        )
        .unwrap();
        assert_eq!(nearest_file(&below), Some(root.join(".cpom/stack.json")));
        std::fs::write(root.join(".cpom/stack.json"), "{").unwrap();
        assert!(read(&root.join(".cpom/stack.json")).is_err());
        std::fs::remove_dir_all(root).unwrap();
    }
}
