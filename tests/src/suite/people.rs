//! Who takes part in the life of a contract.

use kernel::{Finess, Region};
use testkit::Persona;

/// The people and machines of one region. Each role is held by one person, so that two acts that the rules
/// want from different persons come from different roles.
#[derive(Debug, Clone, Copy)]
pub struct People {
    pub region: Region,
}

impl People {
    fn human(self, role: &str) -> Persona {
        Persona::human(role).region(self.region.code())
    }

    pub fn registry_administrator(self) -> Persona {
        self.human("registry_administrator")
    }

    pub fn contract_manager(self) -> Persona {
        self.human("contract_manager")
    }

    pub fn manager(self) -> Persona {
        self.human("manager")
    }

    pub fn director_general(self) -> Persona {
        self.human("director_general")
    }

    pub fn controller(self) -> Persona {
        self.human("controller")
    }

    pub fn reviewer(self) -> Persona {
        self.human("reviewer")
    }

    pub fn auditor(self) -> Persona {
        self.human("auditor")
    }

    /// Who presides the council of a département.
    pub fn president_of_council(self, department: &str) -> Persona {
        self.human("department_president").department(department)
    }

    /// Who works for the president of the council of a département.
    pub fn officer_of_council(self, department: &str) -> Persona {
        self.human("department_manager").department(department)
    }

    /// Who directs a legal entity.
    pub fn director_of(self, entity: Finess) -> Persona {
        self.human("establishment_director")
            .named(&format!("director-{entity}"))
            .finess(entity.as_str())
    }

    /// The information system of a legal entity.
    pub fn system_of(self, entity: Finess) -> Persona {
        Persona::system("establishment_system")
            .named(&format!("system-{entity}"))
            .region(self.region.code())
            .finess(entity.as_str())
    }

    /// A machine that somebody gave every role there is.
    pub fn machine_with_every_role(self) -> Persona {
        let roles = [
            "contract_manager",
            "manager",
            "director_general",
            "controller",
            "reviewer",
            "establishment_director",
            "registry_administrator",
            "auditor",
            "service",
        ];
        let machine = Persona::system("establishment_system")
            .named("machine")
            .region("*");
        roles
            .iter()
            .fold(machine, |machine, role| machine.also(role))
    }
}
